import type { PersonName } from './people.js';

/** One element of `GET /api/tutor-weekly-reports`: the tutor's own, or the parent's without drafts. */
export interface TutorWeeklyReport {
  id: number;
  student: PersonName;
  tutor: PersonName;
  /** Whom it is for; `null` when the student has no parent. */
  parent: PersonName | null;
  /** ISO 8601, without time. */
  weekStartDate: string;
  summary: string;
  /** `read` once the parent has opened it. */
  status: 'draft' | 'sent' | 'read';
  /** ISO 8601 UTC; `null` of a draft. */
  sentAt: string | null;
}

/** One element of `GET /api/teacher-weekly-reports`: the teacher's own, or the tutor's without drafts. */
export interface TeacherWeeklyReport {
  id: number;
  student: PersonName;
  teacher: PersonName;
  /** Whom it is for; `null` when the student has no tutor. */
  tutor: PersonName | null;
  /** ISO 8601, without time. */
  weekStartDate: string;
  summary: string;
  status: 'draft' | 'sent';
  /** ISO 8601 UTC; `null` of a draft. */
  sentAt: string | null;
}

/**
 * One element of `GET /api/parent/children/:childId/reports`, without drafts, and of
 * `GET /api/teacher/students/:studentId/reports`, the teacher's own.
 */
export interface StudentReport {
  id: number;
  studentId: number;
  teacher: PersonName;
  title: string;
  content: string;
  status: 'draft' | 'sent';
  /** ISO 8601 UTC; `null` of a draft. */
  sentAt: string | null;
}

/** A report on the parent's dashboard. */
export interface ReportSummary {
  /** `weekly`: of the tutor; `student`: of a teacher. Ids are unique within one kind. */
  kind: 'weekly' | 'student';
  id: number;
  author: PersonName;
  /** Of a weekly report its summary, of the other its title; at most 200 characters. */
  text: string;
  status: 'sent' | 'read';
  /** ISO 8601 UTC. */
  sentAt: string;
}

/** Body of `POST /api/tutor-weekly-reports` and `POST /api/teacher-weekly-reports`. */
export interface CreateWeeklyReport {
  studentId: number;
  /** ISO 8601, without time. */
  weekStartDate: string;
  /** 1..10,000 characters. */
  summary: string;
}

/** Body of `PATCH` of a weekly report that is still a draft; at least one of them. */
export interface EditWeeklyReport {
  weekStartDate?: string;
  summary?: string;
}

/** Body of `POST /api/teacher/students/:studentId/reports`. */
export interface CreateStudentReport {
  /** 3..200 characters. */
  title: string;
  /** 1..10,000 characters. */
  content: string;
}

/** Body of `PATCH /api/teacher/student-reports/:reportId`, which is still a draft; at least one of them. */
export interface EditStudentReport {
  title?: string;
  content?: string;
}
