import { platformKeys } from '@querycast/platform-protocol';
import type { Query } from '@tanstack/react-query';

const [SUBJECTS] = platformKeys.subjects();

/** Whether the backend says when a query goes stale. Lookups it never pushes: a lost connection says nothing of them. */
export function isPushed(query: Query): boolean {
  return query.queryKey[0] !== SUBJECTS;
}
