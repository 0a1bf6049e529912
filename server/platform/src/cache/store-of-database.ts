import type { CacheStore } from '@querycast/server';

/**
 * A store in which nothing counts that was computed from another database, although that one's entries have the same
 * keys: for the cache it is as if the server had been restarted in between. This holds whatever else is known about the
 * server, and when its claim was evicted.
 */
export function storeOfDatabase(store: CacheStore, identity: string): CacheStore {
  return {
    async get(keys) {
      const { values, incarnation } = await store.get(keys);
      return { values, incarnation: `${incarnation}/${identity}` };
    },
    set: (key, value, ttlMs) => store.set(key, value, ttlMs),
    replace: (key, replacement) => store.replace(key, replacement),
    remove: (key, expected) => store.remove(key, expected),
  };
}
