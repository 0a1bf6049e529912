/**
 * Every query key of the platform, as TanStack Query uses it and as the backend pushes it. A key that is not built here
 * does not exist.
 */
export const platformKeys = {
  parentDashboard: () => ['parent-dashboard'] as const,
  parentChildren: () => ['parent-children'] as const,
  parentChildSubjects: (childId: number) => ['parent-child-subjects', childId] as const,
  tutorStudents: () => ['tutor-students'] as const,
  /** Lookup: never pushed, the list of subjects changes rarely. */
  subjects: () => ['subjects'] as const,
};

/** Any query key of the platform. */
export type PlatformKey = ReturnType<(typeof platformKeys)[keyof typeof platformKeys]>;
