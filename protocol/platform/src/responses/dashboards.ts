import type { MaterialType } from './materials.js';
import type { PersonName } from './people.js';
import type { DashboardSubject, Progress } from './progress.js';
import type { ReportSummary } from './reports.js';
import type { StudyPlanSummary } from './study-plans.js';
import type { EnrolledSubject, SubjectName } from './subjects.js';

/** A child with all that the parent's dashboard shows of it. */
export interface DashboardChild extends PersonName, Progress {
  grade: number;
  goal: string;
  tutor: PersonName | null;
  subjects: DashboardSubject[];
  /** The newest three that were sent, archived ones included. */
  studyPlans: StudyPlanSummary[];
  /** The newest three. */
  reports: ReportSummary[];
}

/** `GET /api/parent/dashboard`. */
export interface ParentDashboard {
  parent: PersonName;
  children: DashboardChild[];
  statistics: {
    children: number;
    /** Mean over the children in whole percent; 0 without any. */
    averageProgress: number;
    /** Active enrollments of all children. */
    subjects: number;
    /** Plans of all children that were sent and are not archived. */
    studyPlans: number;
  };
}

/** One element of `GET /api/parent/children`. */
export interface ParentChild extends PersonName {
  grade: number;
  goal: string;
  isActive: boolean;
  tutor: PersonName | null;
  /** Number of active subjects. */
  subjects: number;
}

/** A material that is not completed yet. */
export interface OpenMaterial {
  id: number;
  title: string;
  type: MaterialType;
  subject: SubjectName;
  progressPercentage: number;
}

/** `GET /api/student/dashboard`. */
export interface StudentDashboard extends Progress {
  student: PersonName;
  grade: number;
  goal: string;
  tutor: PersonName | null;
  subjects: DashboardSubject[];
  /** The first five that are not completed, longest assigned first. */
  openMaterials: OpenMaterial[];
  /** The newest three that were sent, archived ones included. */
  studyPlans: StudyPlanSummary[];
}

/** A student with the progress in the materials of one teacher. */
export interface StudentBehind extends PersonName {
  progress: number;
}

/** `GET /api/teacher/dashboard`. Its students are those enrolled with the teacher now. */
export interface TeacherDashboard {
  teacher: PersonName;
  statistics: {
    students: number;
    /** Mean over the students that have materials of this teacher, in whole percent; 0 without any. */
    averageProgress: number;
    /** Active ones. */
    materials: number;
    /** How often these are assigned, and how often completed. */
    assignments: number;
    completed: number;
    draftPlans: number;
    sentPlans: number;
  };
  /** What the teacher teaches, with the number of students. */
  subjects: (SubjectName & { students: number })[];
  /** The ten students with the least progress, of those that have materials of this teacher. */
  behind: StudentBehind[];
  /** The newest five, drafts included. */
  studyPlans: (StudyPlanSummary & { student: PersonName })[];
}

/** One element of `GET /api/teacher/students`: those enrolled with the teacher now. */
export interface TeacherStudent extends PersonName, Progress {
  grade: number;
  goal: string;
  isActive: boolean;
  /** Those learned with this teacher. Progress is that in the teacher's materials. */
  subjects: { enrollmentId: number; subjectId: number; name: string; color: string }[];
}

/** `GET /api/tutor/dashboard`. */
export interface TutorDashboard {
  tutor: PersonName;
  statistics: {
    students: number;
    /** Mean over the students in whole percent; 0 without any. */
    averageProgress: number;
    /** Active enrollments of all students. */
    subjects: number;
    /** Students without any active subject. */
    withoutSubjects: number;
  };
  students: (PersonName & Progress & { grade: number; goal: string; subjects: number })[];
}

/** One element of `GET /api/tutor/students`. */
export interface TutorStudent extends PersonName, Progress {
  grade: number;
  goal: string;
  isActive: boolean;
  parent: PersonName | null;
  subjects: EnrolledSubject[];
}
