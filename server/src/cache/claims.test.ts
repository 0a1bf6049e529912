import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCache } from './cache.js';
import { counted, deferred, quiet, read } from './cache.test.support.js';
import { memoryStore } from './memory-store.js';
import { type ReplicatedStore, replicatedStore } from './replicated-store.test.support.js';

const WAIT_MS = 1_000;
/** More than the longest pause between two looks at the store. */
const SOON_MS = 200;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Caches that share a store and nothing else are processes to each other. */
function processes(count: number, store = memoryStore()) {
  return Array.from({ length: count }, () => {
    const { metrics, counts } = counted();
    return { cache: createCache({ store, waitMs: WAIT_MS, metrics }), counts };
  });
}

function pair(store?: ReplicatedStore) {
  const [here, there] = processes(2, store);
  if (!here || !there) throw new Error('two were asked for');
  return { here, there };
}

test('reads in two processes compute once', async () => {
  const { here, there } = pair();
  const slow = deferred<string>();
  const compute = vi.fn(() => slow.promise);
  const reads = [here, there].flatMap(({ cache }) => Array.from({ length: 25 }, () => read(cache, compute)));
  await vi.advanceTimersByTimeAsync(WAIT_MS / 2);
  slow.resolve('once');
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(new Set(await Promise.all(reads))).toEqual(new Set(['once']));
  expect(compute).toHaveBeenCalledTimes(1);
  expect(here.counts.get('cache_reads_total orders miss')).toBe(1);
  expect(here.counts.get('cache_reads_total orders joined')).toBe(24);
  expect(there.counts.get('cache_reads_total orders joined_elsewhere')).toBe(1);
  expect(there.counts.get('cache_reads_total orders joined')).toBe(24);
});

test('a process that waits looks at the store for all its readers together, and ever more rarely', async () => {
  const store = replicatedStore();
  const { here, there } = pair(store);
  const slow = deferred<string>();
  const first = read(here.cache, () => slow.promise);
  await quiet();
  const waiting = Array.from({ length: 50 }, () => read(there.cache, () => 'second'));
  await quiet();
  let looks = 0;
  store.network = async (operation, _, when) => {
    if (operation === 'get' && when === 'request') looks += 1;
  };
  await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
  expect(looks).toBeGreaterThan(8);
  expect(looks).toBeLessThan(35);
  slow.resolve('first');
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(await first).toBe('first');
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['first']));
});

test('a short computation elsewhere is noticed within milliseconds', async () => {
  const { here, there } = pair();
  const short = deferred<string>();
  void read(here.cache, () => short.promise);
  await quiet();
  const waiting = read(there.cache, () => 'second');
  await quiet();
  short.resolve('first');
  await vi.advanceTimersByTimeAsync(8);
  expect(there.counts.get('cache_reads_total orders joined_elsewhere')).toBe(1);
  expect(await waiting).toBe('first');
});

test('a failed computation reaches its own process, and one of those who wait elsewhere goes on at once', async () => {
  const [first, ...others] = processes(4);
  const failing = deferred<string>();
  const failed = first && read(first.cache, () => failing.promise);
  await quiet();
  const compute = vi.fn(async () => 'mended');
  const waiting = others.map(({ cache }) => read(cache, compute));
  await quiet();
  failing.reject(new Error('no such order'));
  await expect(failed).rejects.toThrow('no such order');
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(await Promise.all(waiting)).toEqual(['mended', 'mended', 'mended']);
  expect(compute).toHaveBeenCalledTimes(1);
});

test('when the process that computes is killed, one of those who wait takes over and the others wait for it', async () => {
  const store = memoryStore();
  const [killed, ...others] = processes(4, store);
  void (killed && read(killed.cache, () => new Promise(() => {})));
  await quiet();
  const slow = deferred<string>();
  const compute = vi.fn(() => slow.promise);
  const waiting = others.map(({ cache }) => read(cache, compute));
  await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
  expect(compute).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(compute).toHaveBeenCalledTimes(1);
  slow.resolve('new');
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(await Promise.all(waiting)).toEqual(['new', 'new', 'new']);
  expect(compute).toHaveBeenCalledTimes(1);
});

test('nobody waits longer than twice the wait, even for a lock that never ends, and what they compute is kept', async () => {
  const { here, there } = pair(replicatedStore());
  void read(here.cache, () => new Promise(() => {}));
  await quiet();
  const compute = vi.fn(() => 'own');
  const waiting = read(there.cache, compute);
  await vi.advanceTimersByTimeAsync(WAIT_MS);
  const later = read(there.cache, compute);
  await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
  expect(compute).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await waiting).toBe('own');
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(await later).toBe('own');
  expect(await read(here.cache, () => 'again')).toBe('own');
  expect(compute).toHaveBeenCalledTimes(1);
});

test('after an eviction nobody waits for the old computation, and those who waited compute the new value once', async () => {
  const [holder, ...others] = processes(4);
  const slow = deferred<string>();
  const before = holder && read(holder.cache, () => slow.promise);
  await quiet();
  const compute = vi.fn(async () => 'new');
  const waiting = others.map(({ cache }) => read(cache, compute));
  await vi.advanceTimersByTimeAsync(50);
  await holder?.cache.evict(['orders:7']);
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(await Promise.all(waiting)).toEqual(['new', 'new', 'new']);
  expect(compute).toHaveBeenCalledTimes(1);
  slow.resolve('old');
  expect(await before).toBe('old');
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(await Promise.all(others.map(({ cache }) => read(cache, compute)))).toEqual(['new', 'new', 'new']);
});

test('a read in another process that begins after an eviction computes at once, whoever still computes the old', async () => {
  const { here, there } = pair();
  const slow = deferred<string>();
  const before = read(here.cache, () => slow.promise);
  await quiet();
  await here.cache.evict(['orders:7']);
  expect(await read(there.cache, () => 'new')).toBe('new');
  slow.resolve('old');
  expect(await before).toBe('old');
});

test('a holder that comes back late leaves the lock of its successor alone', async () => {
  const store = memoryStore();
  const [late, next, third] = processes(3, store);
  if (!late || !next || !third) throw new Error('three were asked for');
  const slow = deferred<string>();
  const first = read(late.cache, () => slow.promise, 'page');
  await vi.advanceTimersByTimeAsync(WAIT_MS);
  const slower = deferred<string>();
  const second = read(next.cache, () => slower.promise, 'page');
  await quiet();
  const [lock] = (await store.get(['orders:7:page:lock'])).values;
  expect(lock).toBeDefined();
  slow.reject(new Error('too late'));
  await expect(first).rejects.toThrow('too late');
  await quiet();
  expect((await store.get(['orders:7:page:lock'])).values).toEqual([lock]);
  slower.resolve('second');
  expect(await second).toBe('second');
});

test('nothing but generation and entry stays in the store', async () => {
  const store = replicatedStore();
  const { here, there } = pair(store);
  await Promise.all([read(here.cache, () => 1), read(here.cache, () => Promise.reject(new Error('no')), 'b')]).catch(
    () => {},
  );
  const waiting = read(there.cache, () => 2);
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(await waiting).toBe(1);
  expect([...store.keys()].sort()).toEqual(['orders:7:gen', 'orders:7:page']);
});

test('a holder that came and went between look and lock is noticed', async () => {
  const store = replicatedStore();
  const { here, there } = pair(store);
  await here.cache.evict(['orders:7']);
  await read(here.cache, () => 'of another entry', 'other');
  await quiet();
  const held = deferred<void>();
  store.network = (operation, _, when) =>
    operation === 'replace' && when === 'request' ? held.promise : Promise.resolve();
  const compute = vi.fn(() => 'second');
  const slow = read(there.cache, compute);
  await quiet();
  store.network = async () => {};
  expect(await read(here.cache, () => 'first')).toBe('first');
  await quiet();
  held.resolve();
  expect(await slow).toBe('first');
  expect(compute).not.toHaveBeenCalled();
  await quiet();
  expect(store.keys()).not.toContain('orders:7:page:lock');
});

test('a lock that a failover brings back stands for nobody', async () => {
  const store = replicatedStore();
  const { here, there } = pair(store);
  const slow = deferred<string>();
  const before = read(here.cache, () => slow.promise);
  await quiet();
  store.failOver();
  expect(await read(there.cache, () => 'new')).toBe('new');
  slow.resolve('old');
  expect(await before).toBe('old');
  await quiet();
  expect(await read(there.cache, () => 'newer')).toBe('new');
});

test('a store that stops answering while a process waits costs the computation and nothing else', async () => {
  const store = replicatedStore();
  const { here, there } = pair(store);
  void read(here.cache, () => new Promise(() => {}));
  await quiet();
  const waiting = Array.from({ length: 3 }, () => read(there.cache, () => 'own'));
  await quiet();
  store.network = () => Promise.reject(new Error('connection reset'));
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(await Promise.all(waiting)).toEqual(['own', 'own', 'own']);
  expect(there.counts.get('cache_reads_total orders bypassed')).toBe(1);
  expect(there.counts.get('cache_unlock_errors_total')).toBe(1);
});

test('a lock whose answer was lost makes nobody wait', async () => {
  const store = replicatedStore();
  const { here, there } = pair(store);
  await read(here.cache, () => 'of another entry', 'other');
  await quiet();
  store.network = async (operation, _, when) => {
    if (operation === 'replace' && when === 'response') throw new Error('connection reset');
  };
  await expect(read(here.cache, () => Promise.reject(new Error('no such order')))).rejects.toThrow('no such order');
  store.network = async () => {};
  await quiet();
  expect(await read(there.cache, () => 'found')).toBe('found');
});

test('keys that are no entry, and a wait that is none, are refused', async () => {
  const cache = createCache({ store: memoryStore() });
  const keyed = (key: string) => cache.getOrCompute({ owner: 'a:1', key, ttlMs: 1, compute: () => 1 });
  await expect(keyed('a:1:lock')).rejects.toThrow(RangeError);
  await expect(keyed('a:1:\ud800')).rejects.toThrow(RangeError);
  expect(await keyed('a:1:👩')).toBe(1);
  for (const waitMs of [0, -1, 1.5, Number.NaN]) {
    expect(() => createCache({ store: memoryStore(), waitMs })).toThrow(RangeError);
  }
});
