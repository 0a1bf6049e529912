import { once } from 'node:events';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { expect, test, vi } from 'vitest';
import { type Cache, createCache } from '../cache/cache.js';
import type { CacheStore } from '../cache/cache-store.js';
import { redisStore } from '../cache/redis-store.js';
import { redisCommands } from '../redis/connect.js';
import { ownerOf, roomOf } from './order-signals.test.support.js';
import { type RelayScene, useRelayScenes } from './relay-scene.test.support.js';

const scenes = useRelayScenes();

const WITHIN = { timeout: 20_000, interval: 20 };

/** The cache of one process, whose connection leads to one of two servers. */
interface Process {
  readonly cache: Cache;
  /** As when its connection is cut, and the Sentinels name the new master. */
  move(): void;
}

/**
 * The old master of a cache and the replica that was promoted in its place; nobody has told the old one. A page reads one
 * customer's orders through a node as soon as it is told.
 */
async function openFailover() {
  const scene = await scenes.open({ ownCache: true });
  const old = scene.cacheServer;
  const promoted = await startRedis();
  scene.afterwards(() => promoted.close());
  await promoted.cli('REPLICAOF', '127.0.0.1', String(old.port));
  await vi.waitUntil(async () => (await promoted.cli('INFO', 'replication')).includes('master_link_status:up'), WITHIN);

  async function processOn(server: RedisServer): Promise<Process> {
    let current = await storeOn(scene, server);
    const next = await storeOn(scene, promoted);
    const store: CacheStore = {
      get: (...args) => current.get(...args),
      set: (...args) => current.set(...args),
      replace: (...args) => current.replace(...args),
      remove: (...args) => current.remove(...args),
    };
    const move = () => {
      current = next;
    };
    return { cache: createCache({ store }), move };
  }

  async function read(node: Process): Promise<number> {
    const owner = ownerOf(1);
    const compute = async () => (await scene.pool.query('SELECT FROM orders WHERE customer = 1')).rows.length;
    return node.cache.getOrCompute({ owner, key: `${owner}:page`, ttlMs: 600_000, compute });
  }

  /** What the page is shown, each time that it is told. */
  async function shownBy(node: Process): Promise<Promise<number>[]> {
    const shown: Promise<number>[] = [];
    await scene.connected.broker.subscribe(roomOf(1), () => shown.push(read(node)));
    return shown;
  }

  return { scene, old, promoted, processOn, read, shownBy, promote: () => promoted.cli('REPLICAOF', 'NO', 'ONE') };
}

async function storeOn(scene: RelayScene, server: RedisServer): Promise<CacheStore> {
  const client = redisCommands({ url: server.url });
  scene.afterwards(() => client.disconnect());
  await once(client, 'ready');
  return redisStore(client);
}

async function until(shown: readonly Promise<number>[], count: number): Promise<void> {
  await vi.waitUntil(() => shown.length >= count, WITHIN);
}

test('what a relay evicted in a superseded master is evicted and told again once it meets the new one', async () => {
  const { scene, old, promoted, processOn, read, shownBy, promote } = await openFailover();
  await promote();
  const node = await processOn(promoted);
  expect(await read(node)).toBe(0);
  const shown = await shownBy(node);
  const { cache, move } = await processOn(old);
  const relay = scene.relay({ cache, pollMs: 50 });
  await relay.start();
  await scene.pool.query('INSERT INTO orders VALUES (1, 1)');
  await until(shown, 1);
  await relay.settled();
  // The old master has acknowledged it, and the new one knows nothing of it.
  expect(await shown[0]).toBe(0);
  move();
  await until(shown, 2);
  expect(await shown[1]).toBe(1);
  await vi.waitUntil(async () => (await scene.rows())[0]?.['published_at'] !== null, WITHIN);
  expect(await scene.rows()).toMatchObject([{ late: true, evicted: true, claimed_by: null }]);
});

test('it is by a relay that starts later, when the one that evicted it is gone', async () => {
  const { scene, old, promoted, processOn, read, shownBy, promote } = await openFailover();
  await promote();
  const node = await processOn(promoted);
  expect(await read(node)).toBe(0);
  const shown = await shownBy(node);
  const gone = scene.relay({ cache: (await processOn(old)).cache });
  await gone.start();
  await scene.pool.query('INSERT INTO orders VALUES (1, 1)');
  await until(shown, 1);
  await gone.settled();
  await gone.close();
  expect(await shown[0]).toBe(0);
  const next = scene.relay({ cache: (await processOn(promoted)).cache });
  await next.start();
  await until(shown, 2);
  expect(await shown[1]).toBe(1);
});

test('what a node answered from a superseded master is told of again once it meets the new one, although nobody reads', async () => {
  const { scene, old, promoted, processOn, read, shownBy, promote } = await openFailover();
  const node = await processOn(old);
  expect(await read(node)).toBe(0);
  await promote();
  const shown = await shownBy(node);
  const relay = scene.relay({ cache: (await processOn(promoted)).cache, pollMs: 50 });
  await relay.start();
  await scene.pool.query('INSERT INTO orders VALUES (1, 1)');
  await until(shown, 1);
  await relay.settled();
  // It was evicted where it counts, and the page was told: but its node knows no better yet.
  expect(await shown[0]).toBe(0);
  node.move();
  await until(shown, 2);
  expect(await shown[1]).toBe(1);
});
