/** Everything the platform caches: names as `redis-cli --scan --pattern` shows them, and lifetimes. */

/**
 * Raise it when an answer gets another shape: nodes of two versions share one cache while they are replaced, and what one
 * of them remembered the other must not send.
 */
export const ANSWERS_VERSION = 2;

/** How long the entries of each pattern live, in milliseconds. */
const TTL_MS = {
  parent_dashboard_data: 300_000,
  parent_children: 1_200_000,
  parent_child_progress: 300_000,
  student_dashboard_data: 300_000,
  student_materials: 600_000,
  student_progress: 300_000,
  teacher_dashboard_data: 300_000,
  teacher_students: 900_000,
  teacher_materials: 600_000,
  tutor_dashboard_data: 300_000,
  tutor_students: 900_000,
} as const;

/** A kind of entries, by the role of whoever reads them and what they are about. */
export type CachePattern = keyof typeof TTL_MS;

/** Whatever is evicted together: `<pattern>:<id of the viewer>`. */
export type CacheOwner = `${CachePattern}:${number}`;

/** One cached read. */
export interface DashboardEntry {
  readonly owner: CacheOwner;
  /** Unique among all entries; begins with the owner. */
  readonly key: string;
  readonly ttlMs: number;
}

/** The entry of a viewer, under the name of the pattern itself, or `<pattern>:<id>:<name>`, or with the id of a student. */
export function dashboardEntry(
  pattern: CachePattern,
  viewerId: number,
  ...names: readonly (string | number)[]
): DashboardEntry {
  const owner: CacheOwner = `${pattern}:${viewerId}`;
  return { owner, key: [owner, ...names].join(':'), ttlMs: TTL_MS[pattern] };
}

/** All that is cached for a person of this role. */
export function ownersOf(role: 'parent' | 'student' | 'teacher' | 'tutor', userId: number): CacheOwner[] {
  const patterns = Object.keys(TTL_MS) as CachePattern[];
  return patterns
    .filter((pattern) => pattern.startsWith(`${role}_`))
    .map((pattern): CacheOwner => `${pattern}:${userId}`);
}
