import { expect, test, vi } from 'vitest';
import { keyOf, roomOf } from './order-signals.test.support.js';
import { useRelayScenes } from './relay-scene.test.support.js';

/** What people wait for at most when a node is killed in the wrong moment, in milliseconds. */
const TAKEN_OVER_WITHIN_MS = 10_000;

const scenes = useRelayScenes();

test('the rows of a process that was killed in the middle of a pass are published by another one within ten seconds', async () => {
  const scene = await scenes.open();
  const { broker } = scene.connected;
  const heard: unknown[] = [];
  await broker.subscribe(roomOf(1), ({ keys }) => heard.push(keys));
  await scene.pool.query('INSERT INTO orders VALUES (1, 1)');
  // With the claims they have by default, which end by themselves.
  const relay = { claimMs: 5_000 };
  const killed = await scene.start({ stopAt: 'evicted', relay });
  await killed.reached;
  const survivor = scene.relay(relay);
  await survivor.start();
  await survivor.settled();
  expect(await scene.rows()).toMatchObject([{ published_at: null }]);
  await killed.kill();
  await vi.waitUntil(() => heard.length > 0, { timeout: TAKEN_OVER_WITHIN_MS, interval: 20 });
  await survivor.settled();
  expect(heard).toEqual([[keyOf(1)]]);
}, 30_000);
