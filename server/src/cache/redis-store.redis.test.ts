import { once } from 'node:events';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { expect, test, vi } from 'vitest';
import { redisCommands } from '../redis/connect.js';
import { type Cache, CacheEvictionError, createCache } from './cache.js';
import { deferred } from './cache.test.support.js';
import { COMPUTED, GO, gatedRead, startCacheProcess } from './cache-process.test.support.js';
import type { CacheStore } from './cache-store.js';
import { storeConformance } from './conformance.js';
import { soon, useRedisCaches } from './redis-caches.test.support.js';
import { redisStore } from './redis-store.js';

const { started, connected, cacheOn, afterwards } = useRedisCaches();

function read(cache: Cache, compute: () => string | Promise<string>, suffix = 'page'): Promise<string> {
  return cache.getOrCompute({ owner: 'orders:7', key: `orders:7:${suffix}`, ttlMs: 600_000, compute });
}

/** Waits until what was computed is in the store: nobody who reads waits for that. */
async function stored(server: RedisServer, value: string): Promise<void> {
  await soon(async () => expect(await server.cli('GET', 'orders:7:page')).toContain(value));
}

async function replicating(replica: RedisServer): Promise<void> {
  await soon(async () => expect(await replica.cli('INFO', 'replication')).toContain('master_link_status:up'));
}

storeConformance('redis store', async () => {
  const server = await startRedis();
  const client = redisCommands({ url: server.url });
  await once(client, 'ready');
  return {
    store: redisStore(client, { prefix: 'any:' }),
    async advance(elapsedMs) {
      for (const key of await client.keys('*')) {
        const leftMs = await client.pttl(key);
        expect(leftMs).toBeGreaterThan(0);
        await client.pexpire(key, leftMs - elapsedMs);
      }
    },
    async close() {
      client.disconnect();
      await server.close();
    },
  };
});

test('keys appear in the server exactly as the cache names them', async () => {
  const server = await started();
  const { cache, store } = await cacheOn(server);
  const owner = 'parent_dashboard_data:1';
  await cache.getOrCompute({ owner, key: `${owner}:page`, ttlMs: 60_000, compute: () => 1 });
  await store.set(`${owner}:page:lock`, 'someone', 60_000);
  await soon(async () =>
    expect((await server.cli('--scan', '--pattern', 'parent_dashboard_data:1:*')).split('\n').sort()).toEqual([
      'parent_dashboard_data:1:gen',
      'parent_dashboard_data:1:page',
      'parent_dashboard_data:1:page:lock',
    ]),
  );
  const prefixed = redisStore(await connected(server), { prefix: 'app:' });
  await prefixed.set('a', '1', 60_000);
  expect(await server.cli('--scan', '--pattern', 'app:*')).toBe('app:a');
});

test('a server that forgot its scripts is sent them again', async () => {
  const server = await started();
  const { store } = await cacheOn(server);
  await store.set('a', '1', 60_000);
  await store.get(['a']);
  await server.cli('SCRIPT', 'FLUSH', 'SYNC');
  expect((await store.get(['a'])).values.map(String)).toEqual(['1']);
  expect(await store.replace('a', { expected: '1', value: '2', ttlMs: 60_000 })).toBe(true);
  await server.cli('SCRIPT', 'FLUSH', 'SYNC');
  expect(await store.remove('a', '2')).toBe(true);
});

test('a client that would repeat writes by itself, and one of a cluster, are refused', async () => {
  const client = await connected(await started());
  expect(() => redisStore(client)).not.toThrow();
  const careless = Object.create(client, { options: { value: { autoResendUnfulfilledCommands: true } } });
  expect(() => redisStore(careless)).toThrow(RangeError);
  expect(() => redisStore(Object.create(client, { options: { value: {} } }))).toThrow(RangeError);
  expect(() => redisStore(Object.create(client, { isCluster: { value: true } }))).toThrow(RangeError);
});

test('a server that answers something else is not believed', async () => {
  const ok = async () => 'OK';
  const odd = { eval: ok, evalsha: ok, callBuffer: ok, set: ok };
  await expect(redisStore(odd).get(['a'])).rejects.toMatchObject({ code: 'cache_store_reply' });
  const never = () => new Promise(() => {});
  const hung = { ...odd, evalsha: never, callBuffer: never, set: never };
  const store = redisStore(hung, { timeoutMs: 20 });
  await expect(store.get(['a'])).rejects.toMatchObject({ code: 'cache_store_timeout' });
  await expect(store.set('a', '1', 1)).rejects.toMatchObject({ code: 'cache_store_timeout' });
  await expect(store.replace('a', { expected: '1', value: '2', ttlMs: 1 })).rejects.toThrow();
  await expect(store.remove('a', '1')).rejects.toThrow();
});

test('a process killed while it computes keeps nobody waiting longer than its lock', async () => {
  const server = await started();
  const client = await connected(server);
  const child = await startCacheProcess(server.url, 1_000);
  afterwards(() => child.kill());
  child.read(1);
  await soon(async () => expect(await client.get(COMPUTED)).toBe('1'));
  // They would wait much longer for one another, but not for a lock that has ended.
  const others = [await cacheOn(server, { waitMs: 60_000 }), await cacheOn(server, { waitMs: 60_000 })];
  const reads = others.map(({ cache }) => cache.getOrCompute(gatedRead(client, 'here')));
  await child.kill();
  await soon(async () => expect(await client.get(COMPUTED)).toBe('2'));
  await client.set(GO, '1');
  expect(await Promise.all(reads)).toEqual(['here', 'here']);
  expect(await client.get(COMPUTED)).toBe('2');
});

test('what a restart brings back from an old snapshot does not count', async () => {
  const server = await started({ config: { dbfilename: 'dump.rdb' } });
  const { cache } = await cacheOn(server);
  await read(cache, () => 'old');
  await stored(server, 'old');
  await server.cli('SAVE');
  await cache.evict(['orders:7']);
  await server.kill();
  await server.start();
  expect(await server.cli('GET', 'orders:7:page')).toContain('old');
  const { cache: other } = await cacheOn(server);
  expect(await read(other, () => 'new')).toBe('new');
  await soon(async () => expect(await read(cache, () => 'newer')).toBe('new'));
});

test('a computation that a restart interrupts is not waited for, and fills nothing', async () => {
  const server = await started({ config: { appendonly: 'yes', appendfsync: 'always' } });
  // Its lock outlasts the restart.
  const here = await cacheOn(server, { waitMs: 60_000 });
  const slow = deferred<string>();
  const computing = vi.fn(() => slow.promise);
  const before = read(here.cache, computing);
  await soon(() => expect(computing).toHaveBeenCalled());
  await server.stop();
  await server.start();
  expect(await server.cli('EXISTS', 'orders:7:gen', 'orders:7:page:lock')).toBe('2');
  const there = await cacheOn(server);
  expect(await read(there.cache, () => 'new')).toBe('new');
  await stored(server, 'new');
  slow.resolve('old');
  expect(await before).toBe('old');
  await soon(() => expect([...here.counts.keys()].join()).toContain('cache_fills_total'));
  expect(await read(there.cache, () => 'newer')).toBe('new');
});

test('a restart without persistence, and FLUSHALL, cost computations only', async () => {
  const server = await started();
  const { cache, counts } = await cacheOn(server);
  for (const lose of [() => server.cli('FLUSHALL'), () => server.stop().then(() => server.start())]) {
    counts.clear();
    const slow = deferred<string>();
    const computing = vi.fn(() => slow.promise);
    const before = read(cache, computing);
    await soon(() => expect(computing).toHaveBeenCalled());
    await lose();
    const fresh = await cacheOn(server);
    await soon(() => cache.evict(['orders:7']));
    expect(await read(fresh.cache, () => 'new')).toBe('new');
    await stored(server, 'new');
    slow.resolve('old');
    await before;
    await soon(() => expect([...counts.keys()].join()).toMatch(/cache_fills_total/));
    expect(await read(fresh.cache, () => 'newer')).toBe('new');
    await server.cli('DEL', 'orders:7:page');
  }
});

test('neither a promotion nor the way back makes anything count that was evicted', async () => {
  const [one, other] = [await started(), await started()];
  const stores = { one: (await cacheOn(one)).store, other: (await cacheOn(other)).store };
  let current = stores.one;
  const store: CacheStore = {
    get: (...args) => current.get(...args),
    set: (...args) => current.set(...args),
    replace: (...args) => current.replace(...args),
    remove: (...args) => current.remove(...args),
  };
  const cache = createCache({ store });
  const untouched = (value: string) =>
    cache.getOrCompute({ owner: 'lines:1', key: 'lines:1', ttlMs: 600_000, compute: () => value });

  await other.cli('REPLICAOF', '127.0.0.1', String(one.port));
  await replicating(other);
  await untouched('first');
  await read(cache, () => 'first');
  await stored(other, 'first');
  await soon(async () => expect(await other.cli('GET', 'lines:1')).toContain('first'));
  await other.cli('REPLICAOF', 'NO', 'ONE');
  // The old master still acknowledges; what it does is lost.
  await cache.evict(['orders:7', 'lines:1']);
  current = stores.other;
  expect(await read(cache, () => 'second')).toBe('second');

  await one.cli('REPLICAOF', '127.0.0.1', String(other.port));
  await replicating(one);
  await stored(one, 'second');
  await one.cli('REPLICAOF', 'NO', 'ONE');
  await cache.evict(['orders:7']);
  current = stores.one;
  expect(await read(cache, () => 'third')).toBe('third');
  expect(await untouched('third')).toBe('third');
});

test('a replica does not answer, nor does a master cut off from the replicas it needs', async () => {
  const [master, replica] = [await started(), await started()];
  const { store, cache, counts } = await cacheOn(replica);
  await read(cache, () => 'old');
  await stored(replica, 'old');
  await replica.cli('CONFIG', 'SET', 'min-replicas-to-write', '1');
  await expect(store.get([])).rejects.toThrow('NOREPLICAS');
  await expect(cache.evict(['orders:7'])).rejects.toThrow(CacheEvictionError);
  expect(await read(cache, () => 'new')).toBe('new');
  await replica.cli('CONFIG', 'SET', 'min-replicas-to-write', '0');
  await replica.cli('REPLICAOF', '127.0.0.1', String(master.port));
  // A look of the cache itself may have met it first, at which the client connects anew.
  await soon(() => expect(store.get([])).rejects.toThrow('READONLY'));
  expect(counts.get('cache_reads_total orders bypassed')).toBe(1);
});

test('a full server that drops nothing still answers what it has, and says that it cannot evict', async () => {
  const server = await started({ config: { 'maxmemory-policy': 'noeviction' } });
  const { cache } = await cacheOn(server);
  await read(cache, () => 'old');
  await stored(server, 'old');
  await server.cli('CONFIG', 'SET', 'maxmemory', '1');
  expect(await read(cache, () => 'new')).toBe('old');
  await expect(cache.evict(['orders:7'])).rejects.toThrow(CacheEvictionError);
  expect(await read(cache, () => 'own', 'unknown')).toBe('own');
});

test('a stopped server costs computations, and everything heals by itself when it is back', async () => {
  const server = await started();
  const { cache, counts } = await cacheOn(server);
  await read(cache, () => 'old');
  await stored(server, 'old');
  await server.stop();
  expect(await read(cache, () => 'computed')).toBe('computed');
  await expect(cache.evict(['orders:7'])).rejects.toThrow(CacheEvictionError);
  await server.start();
  await soon(() => cache.evict(['orders:7']));
  expect(await read(cache, () => 'new')).toBe('new');
  await stored(server, 'new');
  expect(await read(cache, () => 'newer')).toBe('new');
  expect(counts.get('cache_reads_total orders hit')).toBe(1);
});

test('a server that hangs costs a bounded wait, and what was sent to it meanwhile revives nothing', async () => {
  const server = await started();
  const { cache } = await cacheOn(server, { timeoutMs: 1_000 });
  await read(cache, () => 'old');
  await stored(server, 'old');
  server.pause();
  afterwards(() => server.resume());
  const since = performance.now();
  expect(await read(cache, () => 'computed')).toBe('computed');
  await expect(cache.evict(['orders:7'])).rejects.toMatchObject({
    code: 'cache_eviction_failed',
    cause: { code: 'cache_store_timeout' },
  });
  // One wait each. The client by itself would wait twice as long.
  expect(performance.now() - since).toBeLessThan(4_000);
  server.resume();
  await soon(() => cache.evict(['orders:7']));
  expect(await read(cache, () => 'new')).toBe('new');
  await stored(server, 'new');
  expect(await read(cache, () => 'newer')).toBe('new');
});
