import type { QueryClient } from '@tanstack/react-query';
import { useLayoutEffect, useState } from 'react';

/** Who is logged in: `null` for nobody, `undefined` when the application does not say. */
export type UserId = string | number | null | undefined;

/**
 * Whose data the query cache holds. After the user changes it still answers the former one for one render, in which
 * nothing of the cache may be shown; before the browser paints, the cache is cleared and it answers the new one.
 */
export function useUserBoundary(queryClient: QueryClient, userId: UserId): UserId {
  const [owner, setOwner] = useState<UserId>(userId);
  useLayoutEffect(() => {
    if (owner === userId) return;
    // What was loaded before anybody logged in belongs to nobody and may stay.
    if (isSomebody(owner)) queryClient.clear();
    setOwner(userId);
  }, [queryClient, owner, userId]);
  return owner;
}

/** Whether `owner` is a person other than `userId`. */
export function isForeign(owner: UserId, userId: UserId): boolean {
  return isSomebody(owner) && owner !== userId;
}

function isSomebody(userId: UserId): boolean {
  return userId !== undefined && userId !== null;
}
