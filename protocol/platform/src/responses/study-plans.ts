import type { PersonName } from './people.js';
import type { SubjectName } from './subjects.js';

/** A plan goes from `draft` to `sent` to `archived`; parents and students see none that is a draft. */
export type StudyPlanStatus = 'draft' | 'sent' | 'archived';

/** What every answer tells of a plan. */
export interface StudyPlan {
  id: number;
  studentId: number;
  subjectId: number;
  title: string;
  content: string;
  /** ISO 8601, without time. */
  weekStartDate: string;
  /** Six days later. */
  weekEndDate: string;
  status: StudyPlanStatus;
  /** ISO 8601 UTC; `null` of a draft. */
  sentAt: string | null;
}

/** One element of `GET /api/parent/children/:childId/study-plans` and `GET /api/student/study-plans`; no drafts. */
export interface ReceivedStudyPlan extends StudyPlan {
  subject: SubjectName;
  teacher: PersonName;
}

/** One element of `GET /api/teacher/study-plans`: the teacher's own, drafts included. */
export interface TeacherStudyPlan extends StudyPlan {
  subject: SubjectName;
  student: PersonName;
}

/** A plan on a dashboard. */
export interface StudyPlanSummary {
  id: number;
  title: string;
  subject: SubjectName;
  weekStartDate: string;
  weekEndDate: string;
  status: StudyPlanStatus;
  /** ISO 8601 UTC; `null` of a draft. */
  sentAt: string | null;
}

/** Body of `POST /api/teacher/study-plans`. */
export interface CreateStudyPlan {
  studentId: number;
  subjectId: number;
  /** 3..200 characters. */
  title: string;
  /** 10..10,000 characters. */
  content: string;
  /** ISO 8601, without time. */
  weekStartDate: string;
  /** `sent` sends it at once. Default: `draft`. */
  status?: 'draft' | 'sent';
}

/** Body of `PATCH /api/teacher/study-plans/:planId`; of a plan that is not a draft only `status`. */
export interface EditStudyPlan {
  subjectId?: number;
  title?: string;
  content?: string;
  weekStartDate?: string;
  /** `sent` of a draft, `archived` of one that was sent. */
  status?: 'sent' | 'archived';
}
