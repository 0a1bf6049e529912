import type { QueryClient } from '@tanstack/react-query';
import { useReducer } from 'react';
import { useBrowserLayoutEffect } from './useBrowserLayoutEffect.js';

/** Who is logged in: `null` for nobody; `undefined` when the application does not say, and for nobody once it has. */
export type UserId = string | number | null | undefined;

/** Who may see the query cache. */
export interface UserBoundary {
  /** Who is logged in; `undefined` only as long as the application has never said. */
  readonly person: UserId;
  /** Whether the cache holds another person's data; nothing of it may be rendered. */
  readonly isForeign: boolean;
}

/** Whose data each cache holds. It outlives the components: a page may take them away while nobody is logged in. */
const owners = new WeakMap<QueryClient, UserId>();

/**
 * Keeps one person's data from another. When the user changes, the cache is foreign for one render; before the browser
 * paints, it is cleared and belongs to the new one.
 */
export function useUserBoundary(queryClient: QueryClient, userId: UserId): UserBoundary {
  const [, renderAgain] = useReducer((renders: number) => renders + 1, 0);
  const owner = owners.get(queryClient);
  // An application that has said who it is for would not connect for nobody.
  const person = userId === undefined && owners.has(queryClient) ? null : userId;
  const isForeign = isAnother(owner, person);
  useBrowserLayoutEffect(() => {
    // What was loaded before anybody logged in belongs to nobody and may stay.
    if (isAnother(owners.get(queryClient), person)) queryClient.clear();
    if (person !== undefined) owners.set(queryClient, person);
    if (isForeign) renderAgain();
  }, [queryClient, person, isForeign]);
  return { person, isForeign };
}

/** Whether `owner` is a person other than `userId`. */
function isAnother(owner: UserId, userId: UserId): boolean {
  return owner !== undefined && owner !== null && owner !== userId;
}
