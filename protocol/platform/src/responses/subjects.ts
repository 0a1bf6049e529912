import type { PersonName } from './people.js';

/** A subject where something else belongs to it. */
export interface SubjectName {
  id: number;
  name: string;
  /** CSS colour, `#rrggbb`. */
  color: string;
}

/** One element of `GET /api/subjects`. */
export interface Subject extends SubjectName {
  description: string;
  /** Those who are active. */
  teachers: PersonName[];
}

/** A subject a student is enrolled in. */
export interface EnrolledSubject {
  enrollmentId: number;
  subjectId: number;
  name: string;
  /** CSS colour, `#rrggbb`. */
  color: string;
  teacher: PersonName;
}

/** One element of `GET /api/parent/children/:childId/subjects`. */
export interface ChildSubject extends EnrolledSubject {
  /** ISO 8601 UTC. */
  enrolledAt: string;
}

/** What an assignment of a subject answers; `id` is the enrollment's. */
export interface Enrollment {
  id: number;
  studentId: number;
  subjectId: number;
  teacherId: number;
  isActive: boolean;
  /** ISO 8601 UTC. */
  enrolledAt: string;
}

/** Body of `POST /api/tutor/students/:studentId/subjects`. */
export interface AssignSubject {
  subjectId: number;
  teacherId: number;
}

/** Body of `POST /api/tutor/students/:studentId/subjects/bulk`, which answers an {@link Enrollment} for each. */
export interface AssignSubjects {
  /** 1..50, each once. */
  subjects: AssignSubject[];
}
