import type { PersonName } from './people.js';
import type { ChildSubject } from './subjects.js';

/** How far a student has come with the materials that are assigned and active. */
export interface Progress {
  /** Mean over these materials in whole percent; 0 without any. */
  progress: number;
  materials: number;
  completed: number;
}

/** An enrolled subject on a dashboard. Progress counts all materials of the subject, whoever wrote them. */
export interface DashboardSubject extends ChildSubject, Progress {}

/** Progress in one subject: of every subject that the student is enrolled in or has materials of. */
export interface SubjectProgress extends Progress {
  subjectId: number;
  name: string;
  /** CSS colour, `#rrggbb`. */
  color: string;
  /** Those who teach it to the student now. */
  teachers: PersonName[];
  timeSpentMinutes: number;
}

/** A week in which something was completed. */
export interface CompletedWeek {
  /** Its Monday in UTC, ISO 8601 without time. */
  weekStartDate: string;
  /** How many materials were completed for the first time. */
  completed: number;
}

/** `GET /api/parent/children/:childId/progress` and `GET /api/student/progress`. */
export interface StudentProgress extends Progress {
  timeSpentMinutes: number;
  subjects: SubjectProgress[];
  /** The newest twelve, oldest first. What was completed before moments were kept is in none. */
  weeks: CompletedWeek[];
}

/** Body of `POST /api/student/materials/:materialId/progress`. */
export interface ReportProgress {
  /** 0..100. */
  progressPercentage: number;
  /** 0..1440, added to what was spent before. */
  timeSpentMinutes: number;
}

/** What a report of progress answers: all of the student's progress with the material. */
export interface MaterialProgress {
  materialId: number;
  progressPercentage: number;
  timeSpentMinutes: number;
  isCompleted: boolean;
}
