/**
 * Every query key of the platform, as TanStack Query uses it and as the backend pushes it. A key that is not built here
 * does not exist. Some are a prefix of another, but never within one role: a push refetches what it names.
 */
export const platformKeys = {
  parentDashboard: () => ['parent-dashboard'] as const,
  parentChildren: () => ['parent-children'] as const,
  parentChildSubjects: (childId: number) => ['parent-child-subjects', childId] as const,
  /** Of a child, on its parent's page. */
  childProgress: (childId: number) => ['student-progress', childId] as const,
  /** Of a child, on its parent's page. */
  childStudyPlans: (childId: number) => ['study-plans', childId] as const,
  /** Of a child on its parent's page, of a student on a teacher's. */
  studentReports: (studentId: number) => ['student-reports', studentId] as const,
  tutorWeeklyReports: () => ['tutor-weekly-reports'] as const,
  teacherWeeklyReports: () => ['teacher-weekly-reports'] as const,
  studentDashboard: () => ['student-dashboard'] as const,
  studentMaterials: () => ['student-materials'] as const,
  /** The student's own. */
  studentProgress: () => ['student-progress'] as const,
  /** The student's own, or those a teacher wrote. */
  studyPlans: () => ['study-plans'] as const,
  teacherDashboard: () => ['teacher-dashboard'] as const,
  teacherStudents: () => ['teacher-students'] as const,
  teacherMaterials: () => ['teacher-materials'] as const,
  tutorDashboard: () => ['tutor-dashboard'] as const,
  tutorStudents: () => ['tutor-students'] as const,
  /** Lookup: never pushed, the list of subjects changes rarely. */
  subjects: () => ['subjects'] as const,
  /** Lookup of one's own names: never pushed, whoever changes them asks again. */
  profile: () => ['profile'] as const,
  /** Everybody's accounts, for administrators: never pushed, they have no live reads. */
  users: () => ['users'] as const,
};

/** Any query key of the platform. */
export type PlatformKey = ReturnType<(typeof platformKeys)[keyof typeof platformKeys]>;
