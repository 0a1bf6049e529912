import type { Position } from '@querycast/protocol';
import { expect, test } from 'vitest';
import { becomes, type ConnectedBroker } from '../broker/redis-broker.test.support.js';
import { keyOf, ownerOf, roomOf } from './order-signals.test.support.js';
import { useRelayScenes } from './relay-scene.test.support.js';

const scenes = useRelayScenes();

/** Where the sequence began that the server counts now. */
async function beginning({ broker }: ConnectedBroker): Promise<Position> {
  const [epoch] = (await broker.read(roomOf(1))).position.split(':');
  return `${epoch}:0`;
}

/**
 * One change, acknowledged by a server that then loses it in a crash, although it keeps what it had before: as a master
 * does that was replaced already.
 */
async function openLoss() {
  const scene = await scenes.open({ log: { save: '"3600 1"' }, ownCache: true });
  const { broker } = scene.connected;
  await broker.append({ room: roomOf(1), keys: [['before']] });
  await scene.log.cli('SAVE');
  await scene.pool.query('INSERT INTO orders VALUES (1, 1)');

  async function lose(): Promise<void> {
    const since = await beginning(scene.connected);
    expect((await broker.read(roomOf(1), since)).keys).toContainEqual(keyOf(1));
    const lost = becomes(broker, false);
    await scene.log.kill();
    await lost;
    await scene.log.start();
    await becomes(broker, true);
  }

  const generation = () => scene.cacheServer.cli('GET', `${ownerOf(1)}:gen`);

  /** The server knows of the change in its new sequence, and the cache was evicted once more. */
  async function expectReplayed(before: string): Promise<void> {
    expect((await broker.read(roomOf(1), await beginning(scene.connected))).keys).toEqual([keyOf(1)]);
    expect(await generation()).not.toBe(before);
    expect(await scene.rows()).toMatchObject([{ published_at: expect.any(Date), claimed_by: null, late: true }]);
  }

  return { scene, lose, generation, expectReplayed };
}

test('what a server acknowledged and lost is evicted and published again by the relay that published it', async () => {
  const { scene, lose, generation, expectReplayed } = await openLoss();
  const relay = await scene.start({ stopAt: 'written down', nth: 2 });
  await relay.settled();
  const before = await generation();
  await lose();
  await relay.reached;
  await expectReplayed(before);
});

test('it is by one that starts when neither that relay nor that life of the server is there any more', async () => {
  const { scene, lose, generation, expectReplayed } = await openLoss();
  const killed = await scene.start({ stopAt: 'written down' });
  await killed.reached;
  await killed.kill();
  const before = await generation();
  await lose();
  const next = scene.relay();
  await next.start();
  await next.settled();
  await expectReplayed(before);
});

test('it is by the next one, when the relay that was about to is killed', async () => {
  const { scene, lose, generation, expectReplayed } = await openLoss();
  const killed = await scene.start({ stopAt: 'evicting', nth: 2 });
  await killed.settled();
  const before = await generation();
  await lose();
  await killed.reached;
  await killed.kill();
  expect(await generation()).toBe(before);
  await scene.endClaims();
  const next = scene.relay();
  await next.start();
  await next.settled();
  await expectReplayed(before);
});
