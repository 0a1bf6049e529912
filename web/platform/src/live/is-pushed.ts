import { platformKeys } from '@querycast/platform-protocol';
import type { Query } from '@tanstack/react-query';

const LOOKUPS: ReadonlySet<unknown> = new Set(
  [platformKeys.subjects(), platformKeys.profile(), platformKeys.users()].map(([root]) => root),
);

/** Whether the backend says when a query goes stale. Lookups it never pushes: a lost connection says nothing of them. */
export function isPushed(query: Query): boolean {
  return !LOOKUPS.has(query.queryKey[0]);
}
