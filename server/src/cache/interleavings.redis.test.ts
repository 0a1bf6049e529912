import { expect, test, vi } from 'vitest';
import type { Cache } from './cache.js';
import { deferred } from './cache.test.support.js';
import { type CacheProcess, COMPUTED, GO, startCacheProcess } from './cache-process.test.support.js';
import { soon, useRedisCaches } from './redis-caches.test.support.js';

const { started, connected, cacheOn, afterwards } = useRedisCaches();

/** Whoever waits for another's computation waits longer than a test may take. */
const PATIENT = { waitMs: 60_000 };

/** Reads what the other process reads as well. */
function read(cache: Cache, compute: () => string | Promise<string>): Promise<string> {
  return cache.getOrCompute({ owner: 'orders:1', key: 'orders:1:page', ttlMs: 60_000, compute });
}

/** A server, and another process on it. */
async function two(): Promise<{ server: Awaited<ReturnType<typeof started>>; other: CacheProcess }> {
  const server = await started();
  const other = await startCacheProcess(server.url, PATIENT.waitMs);
  afterwards(() => other.kill());
  return { server, other };
}

async function answerOf(process: CacheProcess): Promise<string | undefined> {
  process.read(1);
  return (await process.answers())[0];
}

test('a slow read of one process, evicted by another, is joined by nobody who comes later, and puts nothing back', async () => {
  const { server, other } = await two();
  const here = await cacheOn(server, PATIENT);
  const there = await cacheOn(server, PATIENT);
  const slow = deferred<string>();
  const computing = vi.fn(() => slow.promise);
  const before = read(here.cache, computing);
  await soon(() => expect(computing).toHaveBeenCalled());
  await other.evict();
  // In its own process, in one with a connection of its own, and in a process of its own.
  expect(await read(here.cache, () => 'new')).toBe('new');
  expect(await read(there.cache, () => 'newer')).toBe('new');
  slow.resolve('old');
  expect(await before).toBe('old');
  await soon(() => expect(here.counts.get('cache_fills_total orders refused')).toBe(1));
  for (const { cache } of [here, there]) expect(await read(cache, () => 'newest')).toBe('new');
  expect(await answerOf(other)).toBe('new');
});

test('a read that begins after an eviction computes at once, although another process still computes the old', async () => {
  const { server, other } = await two();
  const client = await connected(server);
  const { cache } = await cacheOn(server, PATIENT);
  other.read(100);
  await soon(async () => expect(await client.get(COMPUTED)).toBe('1'));
  await cache.evict(['orders:1']);
  expect(await read(cache, () => 'new')).toBe('new');
  await client.set(GO, '1');
  expect(new Set(await other.answers())).toEqual(new Set(['child']));
  // Twice: by the second answer, whatever the first reads left to do has been done.
  expect([await answerOf(other), await answerOf(other)]).toEqual(['new', 'new']);
  expect(await read(cache, () => 'newer')).toBe('new');
  expect(await client.get(COMPUTED)).toBe('1');
});

test.each(['before the server has', 'after the server has'])(
  'a fill that passed its last check, and meets an eviction %s written it, is dead',
  async (moment) => {
    const { server, other } = await two();
    const [held, reached] = [deferred<void>(), deferred<void>()];
    const hold = () => {
      reached.resolve();
      return held.promise;
    };
    const here = await cacheOn(server, {
      over: (store) => ({
        ...store,
        async set(key, value, ttlMs) {
          const isFill = key === 'orders:1:page';
          if (isFill && moment.startsWith('before')) await hold();
          await store.set(key, value, ttlMs);
          if (isFill && moment.startsWith('after')) await hold();
        },
      }),
    });
    await read(here.cache, () => 'old');
    await reached.promise;
    await other.evict();
    held.resolve();
    await soon(() => expect(here.counts.get('cache_fills_total orders stored')).toBe(1));
    expect(await server.cli('GET', 'orders:1:page')).toContain('old');
    const there = await cacheOn(server);
    expect(await read(there.cache, () => 'new')).toBe('new');
    expect(await read(here.cache, () => 'newer')).toBe('new');
    expect(await answerOf(other)).toBe('new');
  },
);

test('200 reads of two processes that miss at the same time compute once', async () => {
  const { server, other } = await two();
  const client = await connected(server);
  const { cache, counts } = await cacheOn(server, PATIENT);
  const slow = deferred<string>();
  const compute = vi.fn(async () => {
    await client.incr(COMPUTED);
    return slow.promise;
  });
  other.read(100);
  const here = Array.from({ length: 100 }, () => read(cache, compute));
  await soon(async () => expect(await client.get(COMPUTED)).toBe('1'));
  slow.resolve('here');
  await client.set(GO, '1');
  const answers = new Set([...(await Promise.all(here)), ...(await other.answers())]);
  expect(answers.size).toBe(1);
  expect(await client.get(COMPUTED)).toBe('1');
  expect(counts.get('cache_reads_total orders joined')).toBe(99);
});

test('while the server is stopped reads are computed, evictions say that they failed, and counters tell of both', async () => {
  const server = await started();
  const { cache, counts } = await cacheOn(server);
  expect(await read(cache, () => 'old')).toBe('old');
  await soon(() => expect(counts.get('cache_fills_total orders stored')).toBe(1));
  await server.stop();
  counts.clear();
  for (const value of ['first', 'second']) expect(await read(cache, () => value)).toBe(value);
  await expect(cache.evict(['orders:1', 'orders:2'])).rejects.toMatchObject({
    code: 'cache_eviction_failed',
    owners: ['orders:1', 'orders:2'],
  });
  // It looks by itself as well, now and then.
  counts.delete('cache_life_errors_total');
  expect(Object.fromEntries(counts)).toEqual({
    'cache_reads_total orders bypassed': 2,
    'cache_evictions_total orders failed': 2,
  });
});
