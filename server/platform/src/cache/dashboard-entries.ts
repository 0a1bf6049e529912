/** Everything the platform caches: names as `redis-cli --scan --pattern` shows them, and lifetimes. */

/** Whatever is evicted together. */
export type CacheOwner = `${'parent_dashboard_data' | 'parent_children' | 'tutor_students'}:${number}`;

/** One cached read. */
export interface DashboardEntry {
  readonly owner: CacheOwner;
  /** Unique among all entries; begins with the owner. */
  readonly key: string;
  readonly ttlMs: number;
}

const DASHBOARD_TTL_MS = 300_000;
const STUDENTS_TTL_MS = 900_000;
const CHILDREN_TTL_MS = 1_200_000;

/** The dashboard of a parent. */
export function parentDashboardEntry(parentId: number): DashboardEntry {
  const owner: CacheOwner = `parent_dashboard_data:${parentId}`;
  return { owner, key: `${owner}:dashboard`, ttlMs: DASHBOARD_TTL_MS };
}

/** The subjects of one child, on the parent's page. */
export function childSubjectsEntry(parentId: number, childId: number): DashboardEntry {
  const owner: CacheOwner = `parent_dashboard_data:${parentId}`;
  return { owner, key: `${owner}:child_subjects:${childId}`, ttlMs: DASHBOARD_TTL_MS };
}

/** The children of a parent. */
export function parentChildrenEntry(parentId: number): DashboardEntry {
  const owner: CacheOwner = `parent_children:${parentId}`;
  return { owner, key: owner, ttlMs: CHILDREN_TTL_MS };
}

/** The students of a tutor. */
export function tutorStudentsEntry(tutorId: number): DashboardEntry {
  const owner: CacheOwner = `tutor_students:${tutorId}`;
  return { owner, key: owner, ttlMs: STUDENTS_TTL_MS };
}

/** All that is cached for a parent. */
export function parentOwners(parentId: number): CacheOwner[] {
  return [`parent_dashboard_data:${parentId}`, `parent_children:${parentId}`];
}

/** All that is cached for a tutor. */
export function tutorOwners(tutorId: number): CacheOwner[] {
  return [`tutor_students:${tutorId}`];
}
