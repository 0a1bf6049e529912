import { type CacheStore, createCache, memoryStore } from '@querycast/server';
import { expect, test } from 'vitest';
import { storeOfDatabase } from './store-of-database.js';

const OWNER = 'parent_dashboard_data:1';

/** A cache as a node has it, and what it answers when the database holds `value`. */
function cacheOf(store: CacheStore, identity: string) {
  const cache = createCache({ store: storeOfDatabase(store, identity) });
  return {
    evict: () => cache.evict([OWNER]),
    read: (value: string) => cache.getOrCompute({ owner: OWNER, key: OWNER, ttlMs: 60_000, compute: () => value }),
  };
}

test('nodes of one database answer what another of them computed, and hear of its evictions', async () => {
  const store = memoryStore();
  const [a, b] = [cacheOf(store, 'production'), cacheOf(store, 'production')];
  expect([await a.read('old'), await b.read('new')]).toEqual(['old', 'old']);
  await b.evict();
  expect([await a.read('new'), await b.read('newer')]).toEqual(['new', 'new']);
});

test('what was computed from another database is never answered, however often they take turns', async () => {
  const store = memoryStore();
  const [production, staging] = [cacheOf(store, 'production'), cacheOf(store, 'staging')];
  for (const round of ['1', '2', '3']) {
    expect(await production.read(`production ${round}`)).toBe(`production ${round}`);
    expect(await staging.read(`staging ${round}`)).toBe(`staging ${round}`);
    await (round === '2' ? staging : production).evict();
  }
});
