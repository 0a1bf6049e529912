import { expect, test, vi } from 'vitest';
import { keyOf, ownerOf, roomOf } from './order-signals.test.support.js';
import { useRelayScenes } from './relay-scene.test.support.js';

const scenes = useRelayScenes();

/** A server that answers what it holds and takes nothing new: the worst that can happen to an eviction. */
const REFUSES_WRITES = ['ACL', 'SETUSER', 'default', '-set'];
const TAKES_WRITES = ['ACL', 'SETUSER', 'default', '+set'];

test('a change whose eviction failed is told at once, and evicted and told again by the next relay, when the first is killed', async () => {
  const scene = await scenes.open({ ownCache: true });
  const { broker } = scene.connected;
  /** What a page gets that reads as soon as it is told. */
  const told: Promise<number>[] = [];
  await broker.subscribe(roomOf(1), ({ keys }) => {
    expect(keys).toEqual([keyOf(1)]);
    told.push(scene.read(1));
  });
  expect(await scene.read(1)).toBe(0);
  // It is answered before it is kept.
  await vi.waitUntil(async () => (await scene.cacheServer.cli('EXISTS', `${ownerOf(1)}:page`)) === '1', 10_000);
  await scene.cacheServer.cli(...REFUSES_WRITES);
  await scene.pool.query('INSERT INTO orders VALUES (1, 1)');

  const killed = await scene.start({ stopAt: 'written down' });
  await killed.reached;
  await killed.kill();
  await vi.waitUntil(() => told.length === 1, 10_000);
  // The cache knows no better: whoever reads now must hear once more.
  expect(await told[0]).toBe(0);
  expect(await scene.rows()).toMatchObject([{ published_at: null, set_aside_at: null, attempts: 0, evicted: false }]);

  await scene.cacheServer.cli(...TAKES_WRITES);
  const next = scene.relay({ pollMs: 50 });
  await next.start();
  await vi.waitUntil(() => told.length === 2, 10_000);
  expect(await told[1]).toBe(1);
  await next.settled();
  expect(await scene.rows()).toMatchObject([{ published_at: expect.any(Date), evicted: true }]);
  expect(await scene.read(1)).toBe(1);
});
