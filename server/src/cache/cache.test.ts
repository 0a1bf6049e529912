import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CacheEvictionError, createCache } from './cache.js';
import { counted, deferred, quiet, read } from './cache.test.support.js';
import { memoryStore } from './memory-store.js';
import { replicatedStore } from './replicated-store.test.support.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('a value is computed once and then answered from the store, by every cache on it', async () => {
  const { metrics, counts } = counted();
  const store = memoryStore();
  const compute = vi.fn(() => ({ total: 3 }));
  expect(await read(createCache({ store, metrics }), compute)).toEqual({ total: 3 });
  await quiet();
  expect(await read(createCache({ store, metrics }), compute)).toEqual({ total: 3 });
  expect(compute).toHaveBeenCalledTimes(1);
  expect(Object.fromEntries(counts)).toEqual({
    'cache_reads_total orders miss': 1,
    'cache_fills_total orders stored': 1,
    'cache_reads_total orders hit': 1,
  });
});

test('an owner may be the key of its only entry, and an answer of nothing is an answer', async () => {
  const cache = createCache({ store: memoryStore() });
  const compute = vi.fn(() => undefined);
  const whole = { owner: 'orders:7', key: 'orders:7', ttlMs: 1_000, compute };
  await cache.getOrCompute(whole);
  await quiet();
  expect(await cache.getOrCompute(whole)).toBeUndefined();
  expect(String(await cache.getOrComputeJson(whole))).toBe('');
  expect(compute).toHaveBeenCalledTimes(1);
});

test('who computes an answer gets what others will find, as values or as text', async () => {
  const cache = createCache({ store: memoryStore() });
  const compute = vi.fn(() => ({ at: new Date(0), none: undefined }));
  const order = { owner: 'orders:7', key: 'orders:7', ttlMs: 1_000, compute };
  const [computed, joined] = await Promise.all([cache.getOrCompute(order), cache.getOrCompute<unknown>(order)]);
  await quiet();
  expect(String(await cache.getOrComputeJson(order))).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  expect([computed, joined]).toEqual(Array(2).fill({ at: '1970-01-01T00:00:00.000Z' }));
  expect(computed).not.toBe(joined);
  expect(compute).toHaveBeenCalledTimes(1);
});

test.each([
  ['cut off', (entry: string) => entry.slice(0, -1)],
  ['cut off within its seal', (entry: string) => entry.slice(0, entry.indexOf('\n') - 1)],
  ['appended to', (entry: string) => `${entry}x`],
  ['overwritten', (entry: string) => entry.replace(/\n.*/, '\nrubbish')],
  [
    'overwritten by as much',
    (entry: string) => entry.replace(/\n(.*)/, (_, json: string) => `\n${'x'.repeat(json.length)}`),
  ],
])('an entry that was %s is a miss, told of once, and made anew', async (_, damage) => {
  const store = memoryStore();
  const { metrics, counts } = counted();
  const warn = vi.fn();
  const cache = createCache({ store, metrics, logger: { debug() {}, info() {}, warn, error() {} } });
  const key = 'orders:7:page';
  const entryRead = { owner: 'orders:7', key, ttlMs: 1_000, compute: () => ({ goods: ['tea'] }) };
  for (let times = 0; times < 2; times += 1) {
    await cache.getOrComputeJson(entryRead);
    const [entry] = (await store.get([key])).values;
    await store.set(key, damage(String(entry)), 1_000);
    expect(String(await cache.getOrComputeJson(entryRead))).toBe('{"goods":["tea"]}');
    await quiet();
  }
  expect(String(await cache.getOrComputeJson(entryRead))).toBe('{"goods":["tea"]}');
  // The first one, and those that were damaged.
  expect(counts.get('cache_reads_total orders miss')).toBe(3);
  expect(warn.mock.calls).toEqual([[{ owner: 'orders' }, 'damaged cache entry, computed anew']]);
});

test('an entry ends with its time to live', async () => {
  let now = 0;
  const cache = createCache({ store: memoryStore({ clock: () => now }) });
  await read(cache, () => 'old');
  await quiet();
  now = 999;
  expect(await read(cache, () => 'new')).toBe('old');
  now = 1_000;
  expect(await read(cache, () => 'new')).toBe('new');
});

test('an eviction ends every entry of its owners, and of nobody else', async () => {
  const cache = createCache({ store: memoryStore() });
  const other = { owner: 'orders:8', key: 'orders:8', ttlMs: 1_000 };
  await read(cache, () => 1, 'a');
  await read(cache, () => 1, 'b');
  await cache.getOrCompute({ ...other, compute: () => 1 });
  await quiet();
  await cache.evict(['orders:7', 'orders:7']);
  expect(await read(cache, () => 2, 'a')).toBe(2);
  expect(await read(cache, () => 2, 'b')).toBe(2);
  expect(await cache.getOrCompute({ ...other, compute: () => 2 })).toBe(1);
});

test('a slow read that began before a write never puts its old answer back', async () => {
  const { metrics, counts } = counted();
  const cache = createCache({ store: memoryStore(), metrics });
  const slow = deferred<string>();
  const before = read(cache, () => slow.promise);
  await quiet();
  await cache.evict(['orders:7']);
  slow.resolve('old');
  expect(await before).toBe('old');
  await quiet();
  expect(await read(cache, () => 'new')).toBe('new');
  expect(counts.get('cache_fills_total orders refused')).toBe(1);
});

test('a late fill that passes its last check just before an eviction is dead on arrival', async () => {
  const store = replicatedStore();
  const cache = createCache({ store });
  const held = deferred<void>();
  const reached = deferred<void>();
  store.network = async (operation, key, when) => {
    if (operation !== 'set' || key !== 'orders:7:page' || when !== 'request') return;
    reached.resolve();
    await held.promise;
  };
  await read(cache, () => 'old');
  await reached.promise;
  await cache.evict(['orders:7']);
  held.resolve();
  await quiet();
  expect(await read(cache, () => 'new')).toBe('new');
});

test('who arrives after an eviction never joins a computation begun before it', async () => {
  const cache = createCache({ store: memoryStore() });
  const slow = deferred<string>();
  const before = read(cache, () => slow.promise);
  await quiet();
  await cache.evict(['orders:7']);
  expect(await read(cache, () => 'new')).toBe('new');
  slow.resolve('old');
  expect(await before).toBe('old');
  await quiet();
  expect(await read(cache, () => 'newer')).toBe('new');
});

test('200 reads that miss at the same time compute once', async () => {
  const { metrics, counts } = counted();
  const cache = createCache({ store: memoryStore(), metrics });
  const slow = deferred<string>();
  const compute = vi.fn(() => slow.promise);
  const reads = Array.from({ length: 200 }, () => read(cache, compute));
  await quiet();
  slow.resolve('once');
  expect(new Set(await Promise.all(reads))).toEqual(new Set(['once']));
  expect(compute).toHaveBeenCalledTimes(1);
  expect(counts.get('cache_reads_total orders joined')).toBe(199);
});

test('a value on its way into the store is joined, not computed again', async () => {
  const store = replicatedStore();
  const cache = createCache({ store });
  const held = deferred<void>();
  store.network = (operation) => (operation === 'set' ? held.promise : Promise.resolve());
  await read(cache, () => 'first');
  expect(await read(cache, () => 'second')).toBe('first');
  held.resolve();
});

test('a failed computation reaches everyone who joined it, and is not remembered', async () => {
  const cache = createCache({ store: memoryStore() });
  const slow = deferred<string>();
  const reads = [read(cache, () => slow.promise), read(cache, () => slow.promise)];
  await quiet();
  slow.reject(new Error('no such order'));
  const outcomes = await Promise.allSettled(reads);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  expect(await read(cache, () => 'found')).toBe('found');
});

test('a computation that throws before it answers a promise rejects the read', async () => {
  const cache = createCache({ store: memoryStore() });
  const failing = () => {
    throw new Error('broken');
  };
  await expect(read(cache, failing)).rejects.toThrow('broken');
  expect(await read(cache, () => 'mended')).toBe('mended');
});

test('waiting for a stuck computation is bounded, and those who waited do not all compute at once', async () => {
  const cache = createCache({ store: memoryStore(), waitMs: 100 });
  const stuck = deferred<string>();
  const first = read(cache, () => stuck.promise);
  await quiet();
  const slow = deferred<string>();
  const compute = vi.fn(() => slow.promise);
  const waiting = Array.from({ length: 10 }, () => read(cache, compute));
  await quiet();
  expect(compute).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(100);
  expect(compute).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(compute).toHaveBeenCalledTimes(10);
  slow.resolve('mine');
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['mine']));
  stuck.resolve('late');
  expect(await first).toBe('late');
});

test('a store that is away costs the computation and nothing else', async () => {
  const { metrics, counts } = counted();
  const warn = vi.fn();
  const store = replicatedStore();
  store.network = () => Promise.reject(new Error('connection refused'));
  const cache = createCache({ store, metrics, logger: { debug() {}, info() {}, warn, error() {} } });
  expect(await read(cache, () => 'computed')).toBe('computed');
  await expect(read(cache, () => Promise.reject(new Error('no such order')))).rejects.toThrow('no such order');
  expect(counts.get('cache_reads_total orders bypassed')).toBe(1);
  expect(counts.get('cache_reads_total orders failed')).toBe(1);
  expect(warn).toHaveBeenCalledWith(expect.objectContaining({ operation: 'read' }), 'cache store failed');
});

test('a store that is away when it is asked for its life is logged as nobody in particular', async () => {
  const warn = vi.fn();
  const store = replicatedStore();
  const cache = createCache({ store, logger: { debug() {}, info() {}, warn, error() {} } });
  await read(cache, () => 'computed');
  await quiet();
  store.network = () => Promise.reject(new Error('connection refused'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(warn.mock.calls).toEqual([[{ operation: 'life', error: 'Error: connection refused' }, 'cache store failed']]);
});

test('a store that refuses a fill costs the entry and nothing else', async () => {
  const { metrics, counts } = counted();
  const store = replicatedStore();
  store.network = (operation) => (operation === 'set' ? Promise.reject(new Error('full')) : Promise.resolve());
  const cache = createCache({ store, metrics });
  expect(await read(cache, () => 'computed')).toBe('computed');
  store.network = async () => {};
  await quiet();
  expect(counts.get('cache_fills_total orders failed')).toBe(1);
  expect(await read(cache, () => 'again')).toBe('again');
});

test('a value that is not JSON is refused each time, not only when it would come from the cache', async () => {
  const cache = createCache({ store: memoryStore() });
  await expect(read(cache, () => 1n)).rejects.toThrow(/BigInt/);
  expect(await read(cache, () => 'again')).toBe('again');
});

test('an eviction the store did not take for all rejects with those it did not take', async () => {
  const { metrics, counts } = counted();
  const store = replicatedStore();
  const cache = createCache({ store, metrics });
  store.network = async (_, key) => {
    if (key === 'orders:8:gen') throw new Error('connection reset');
  };
  const evicted = cache.evict(['orders:7', 'orders:8', 'lines:1']);
  await expect(evicted).rejects.toThrow(CacheEvictionError);
  await expect(evicted).rejects.toMatchObject({ code: 'cache_eviction_failed', owners: ['orders:8'] });
  expect(counts.get('cache_evictions_total orders evicted')).toBe(1);
  expect(counts.get('cache_evictions_total orders failed')).toBe(1);
});

test('an eviction of many owners keeps the store busy without flooding it', async () => {
  const store = replicatedStore();
  const cache = createCache({ store });
  let [underWay, most] = [0, 0];
  store.network = async (_, __, when) => {
    underWay += when === 'request' ? 1 : -1;
    most = Math.max(most, underWay);
    await quiet();
  };
  const owners = Array.from({ length: 1_200 }, (_, index) => `orders:${index}`);
  await cache.evict(owners);
  expect(store.keys().filter((key) => key.endsWith(':gen'))).toHaveLength(1_200);
  expect(most).toBeGreaterThan(100);
  expect(most).toBeLessThanOrEqual(500);
});

test('a store that takes none of many evictions is not asked for all of them: each could cost a timeout', async () => {
  const { metrics, counts } = counted();
  const store = replicatedStore();
  const cache = createCache({ store, metrics });
  let asked = 0;
  store.network = async () => {
    asked += 1;
    throw new Error('timed out');
  };
  const owners = Array.from({ length: 1_200 }, (_, index) => `orders:${index}`);
  await expect(cache.evict(owners)).rejects.toMatchObject({ owners, cause: new Error('timed out') });
  expect(asked).toBeLessThanOrEqual(500);
  expect(counts.get('cache_evictions_total orders failed')).toBe(1_200);
});

test('a generation that the store dropped is a miss, never a hit on what it had covered', async () => {
  const store = replicatedStore();
  const cache = createCache({ store });
  await read(cache, () => 'old');
  await quiet();
  store.drop('orders:7:gen');
  expect(await read(cache, () => 'new')).toBe('new');
});

test('a store too small for a generation and an entry still answers correctly', async () => {
  const cache = createCache({ store: memoryStore({ maxEntries: 1 }) });
  expect(await read(cache, () => 1)).toBe(1);
  await quiet();
  await cache.evict(['orders:7']);
  expect(await read(cache, () => 2)).toBe(2);
});

test('what a failover brings back never counts, although it undid the eviction', async () => {
  const store = replicatedStore();
  const cache = createCache({ store });
  await read(cache, () => 'old');
  await quiet();
  store.pauseReplication();
  await cache.evict(['orders:7']);
  store.failOver();
  expect(await read(cache, () => 'new')).toBe('new');
  await quiet();
  expect(await read(cache, () => 'newer')).toBe('new');
});

test('a failover in the middle of a read does not lead it to a computation begun before the eviction', async () => {
  const store = replicatedStore();
  const cache = createCache({ store });
  const slow = deferred<string>();
  const before = read(cache, () => slow.promise);
  await quiet();
  store.pauseReplication();
  await cache.evict(['orders:7']);
  const late = deferred<void>();
  store.network = (operation, _, when) =>
    operation === 'get' && when === 'response' ? late.promise : Promise.resolve();
  const after = read(cache, () => 'new');
  await quiet();
  store.failOver();
  late.resolve();
  expect(await after).toBe('new');
  slow.resolve('old');
  expect(await before).toBe('old');
});

test('the key of a generation is refused as the key of an entry', async () => {
  const cache = createCache({ store: memoryStore() });
  const wrong = { owner: 'a:1', key: 'a:1:gen', ttlMs: 1, compute: () => 1 };
  await expect(cache.getOrCompute(wrong)).rejects.toThrow(RangeError);
});
