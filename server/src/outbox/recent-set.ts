/** Remembers the strings that were added last. */
export interface RecentSet {
  has(value: string): boolean;
  /** Makes it the newest, also when it is there already; beyond the limit the oldest is forgotten. */
  add(value: string): void;
}

/** Creates an empty set that holds at most `limit` strings. */
export function createRecentSet(limit: number): RecentSet {
  const values = new Set<string>();
  return {
    has: (value) => values.has(value),
    add(value) {
      values.delete(value);
      values.add(value);
      for (const oldest of values) {
        if (values.size <= limit) break;
        values.delete(oldest);
      }
    },
  };
}
