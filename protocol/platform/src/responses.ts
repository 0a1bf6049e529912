import type { Role } from './rooms.js';

/** A person as others see them. */
export interface PersonName {
  id: number;
  name: string;
}

/** The person who is logged in. */
export interface CurrentUser extends PersonName {
  role: Role;
}

/** `POST /api/auth/login` and `POST /api/auth/refresh`. */
export interface LoginResponse {
  /** Access token for `Authorization: Bearer` and for the socket; lives 15 minutes. */
  token: string;
  /** ISO 8601 UTC. */
  expiresAt: string;
  user: CurrentUser;
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

/** A subject of a child, as its parent sees it. */
export interface ChildSubject extends EnrolledSubject {
  /** ISO 8601 UTC. */
  enrolledAt: string;
}

/** A child with all that the parent's dashboard shows of it. */
export interface DashboardChild extends PersonName {
  grade: number;
  goal: string;
  tutor: PersonName | null;
  subjects: ChildSubject[];
}

/** `GET /api/parent/dashboard`. */
export interface ParentDashboard {
  parent: PersonName;
  children: DashboardChild[];
  statistics: { children: number; subjects: number };
}

/** One element of `GET /api/parent/children`. */
export interface ParentChild extends PersonName {
  grade: number;
  goal: string;
  tutor: PersonName | null;
  /** Number of active subjects. */
  subjects: number;
}

/** One element of `GET /api/tutor/students`. */
export interface TutorStudent extends PersonName {
  grade: number;
  goal: string;
  parent: PersonName | null;
  subjects: EnrolledSubject[];
}

/** One element of `GET /api/subjects`. */
export interface Subject {
  id: number;
  name: string;
  color: string;
  description: string;
  teachers: PersonName[];
}

/** `POST /api/tutor/students/:id/subjects`; `id` is the enrollment's. */
export interface Enrollment {
  id: number;
  studentId: number;
  subjectId: number;
  teacherId: number;
  isActive: boolean;
  enrolledAt: string;
}

/** Body of `POST /api/tutor/students/:id/subjects`. */
export interface AssignSubject {
  subjectId: number;
  teacherId: number;
}

/** One element of `GET /api/demo/accounts`. */
export interface DemoAccount {
  email: string;
  name: string;
  role: Role;
  /** What there is to see as this person. */
  note: string;
}

/** Body of every error the API answers. */
export interface ApiError {
  error: { code: string; message: string; fields?: Record<string, string> };
}
