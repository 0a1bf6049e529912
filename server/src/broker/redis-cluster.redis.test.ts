import type { Room } from '@querycast/protocol';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { Cluster, type Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import { checkRedis } from '../redis/check-redis.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import { createRecorder, freshRoom, type Recorder } from './conformance/harness.js';
import { brokerConformance } from './conformance.js';
import { createRedisBroker } from './redis-broker.js';
import {
  becomes,
  type ConnectedBroker,
  connectBroker,
  createHistory,
  makeConformanceBroker,
} from './redis-broker.test.support.js';
import { createRedisChannels } from './redis-channels.js';
import { redisNames } from './redis-names.js';
import { createRedisSubscriptions } from './redis-subscriptions.js';

const SLOTS = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const;

let nodes: RedisServer[] = [];
let target: { readonly cluster: readonly string[] };

beforeAll(async () => {
  const config = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '1000', 'cluster-replica-validity-factor': '0' };
  nodes = await Promise.all([0, 1, 2, 3].map(() => startRedis({ config })));
  const [first, second, third, replica] = nodes;
  if (!first || !second || !third || !replica) throw new Error('four nodes were started');
  for (const [n, [from, to]] of SLOTS.entries()) {
    await nodes[n]?.cli('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    await nodes[n]?.cli('CLUSTER', 'SET-CONFIG-EPOCH', String(n + 1));
  }
  for (const node of nodes.slice(1)) await first.cli('CLUSTER', 'MEET', '127.0.0.1', String(node.port));
  for (const node of nodes) {
    await until(() => node.cli('CLUSTER', 'INFO'), 'cluster_state:ok');
    await until(() => node.cli('CLUSTER', 'INFO'), 'cluster_known_nodes:4');
  }
  const firstId = await first.cli('CLUSTER', 'MYID');
  await until(() => replica.cli('CLUSTER', 'REPLICATE', firstId).catch(String), 'OK');
  await until(() => replica.cli('INFO', 'replication'), 'master_link_status:up');
  target = { cluster: nodes.slice(0, 2).map(({ url }) => url) };
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
});

brokerConformance('Redis broker on a cluster', () => makeConformanceBroker(target));

interface Heard {
  readonly room: Room;
  readonly recorder: Recorder;
}

async function open({ broker }: ConnectedBroker, count: number): Promise<Heard[]> {
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const [room, recorder] = [freshRoom(), createRecorder()];
      await broker.subscribe(room, recorder.deliver);
      return { room, recorder };
    }),
  );
}

/** Appends to every room until it is heard: what is sent before the broker is live again may be lost. */
async function expectAllHeard({ broker }: ConnectedBroker, all: readonly Heard[]): Promise<void> {
  for (const { room, recorder } of all) {
    const before = recorder.envelopes.length;
    const failures: unknown[] = [];
    const unlisten = broker.onLive((live) => {
      if (live) broker.append({ room, keys: [['a']] }).catch((error: unknown) => failures.push(error));
    });
    await recorder.heard(before + 1);
    unlisten();
  }
}

test('one master that takes no writes: away, and back when it does', async () => {
  const connected = connectBroker(target);
  const { broker } = connected;
  await becomes(broker, true);
  for (const master of nodes.slice(0, 3)) {
    const lost = becomes(broker, false);
    await master.cli('CONFIG', 'SET', 'maxmemory', '1');
    await lost;
    const back = becomes(broker, true);
    await master.cli('CONFIG', 'SET', 'maxmemory', '0');
    await back;
  }
  await connected.close();
}, 60_000);

describe('when nodes change', () => {
  test('a replica that comes and goes disturbs nobody', async () => {
    const connected = connectBroker(target);
    const { broker, subscriber } = connected;
    await becomes(broker, true);
    const states: boolean[] = [];
    broker.onLive((live) => states.push(live));
    const [master, , , replica] = nodes;
    await knows(subscriber, 4);
    await replica?.kill();
    await knows(subscriber, 3);
    await replica?.start();
    await knows(subscriber, 4);
    await until(async () => (await master?.cli('INFO', 'replication')) ?? '', 'connected_slaves:1');
    await open(connected, 30);
    expect(states).toEqual([true]);
    await connected.close();
  }, 60_000);

  test('a slot moved to another node: its room is heard again, and its log is there', async () => {
    const connected = connectBroker(target);
    const { broker, prefix } = connected;
    await becomes(broker, true);
    const all = await open(connected, 30);
    await expectAllHeard(connected, all);
    const { room } = all[0] ?? { room: freshRoom() };
    const { position } = await broker.read(room);
    const lost = becomes(broker, false);
    await moveSlot(await slotOf(`${prefix}{${room}}`));
    await lost;
    await becomes(broker, true);
    expect((await broker.read(room, position)).status).toBe('resync');
    await expectAllHeard(connected, all);
    await connected.close();
  }, 60_000);

  test('while a slot is moved its rooms take no appends; afterwards what is repeated is appended once', async () => {
    const connected = connectBroker(target);
    const { broker, prefix } = connected;
    await becomes(broker, true);
    const [room, elsewhere] = [freshRoom(), freshRoom()];
    const { position } = await broker.append({ room, keys: [['before']], id: 'a' });
    const finish = await beginToMoveSlot(await slotOf(`${prefix}{${room}}`));
    const append = () => broker.append({ room, keys: [['after']], id: 'b' });
    await expect(append()).rejects.toMatchObject({ code: 'broker_unavailable' });
    expect(await broker.read(room, position)).toMatchObject({ status: 'recovered', keys: [] });
    await broker.append({ room: elsewhere, keys: [['a']] });
    await finish();
    const appended = await vi.waitFor(append, { timeout: 10_000 });
    expect((await append()).position).toBe(appended.position);
    await connected.close();
  }, 60_000);

  test('the owner of slots killed: live again with its replica, every room heard, no position looks current', async () => {
    const connected = connectBroker(target);
    const { broker } = connected;
    const before = await becomes(broker, true);
    const all = await open(connected, 30);
    const history = createHistory(30);
    await history.append(broker, 60);
    const lost = becomes(broker, false);
    await nodes[0]?.kill();
    await lost;
    const after = await becomes(broker, true);
    expect(after).not.toBe(before);
    const { recovered, epoch } = await history.expectNothingMissing(broker);
    // The rooms of the other nodes lost nothing.
    expect(recovered).toBeGreaterThan(0);
    expect(epoch).toBeGreaterThan(0);
    await history.append(broker, 60);
    await history.expectNothingMissing(broker);
    await expectAllHeard(connected, all);
    await connected.close();
  }, 60_000);
});

test('a room left and opened again at once is still known to be held', async () => {
  const subscriber = redisSubscriber(target);
  await vi.waitFor(() => expect(subscriber.status).toBe('ready'));
  const channels = createRedisChannels(subscriber);
  const subscriptions = createRedisSubscriptions({
    subscriber,
    channels,
    names: redisNames('test:'),
    logger: silentLogger,
    metrics: noMetrics,
  });
  const room = freshRoom();
  const leave = await subscriptions.subscribe(room, () => {});
  await Promise.all([leave(), subscriptions.subscribe(room, () => {})]);
  const told = vi.spyOn(subscriber, 'sunsubscribe');
  await channels.renew(subscriptions.open);
  // What it does not know to be held it does not have forgotten before it subscribes anew.
  expect(told.mock.calls).toEqual([[`test:{${room}}`]]);
  await subscriptions.close();
  subscriber.disconnect();
});

describe('what does not fit together is refused', () => {
  test('a client for one server, on a node of a cluster', async () => {
    const client = redisCommands({ url: nodes[1]?.url ?? '' });
    expect((await checkRedis(client)).refusals.map(({ code }) => code)).toEqual(['cluster']);
    client.disconnect();
  });

  test('a cluster client that does not hear sharded messages', () => {
    const subscriber = new Cluster([...target.cluster], { lazyConnect: true });
    const commands = redisCommands(target);
    expect(() => createRedisBroker({ commands, subscriber })).toThrow(/shardedSubscribers/);
    commands.disconnect();
    subscriber.disconnect();
  });

  test('a client for a cluster fits a cluster', async () => {
    const client = redisSubscriber(target);
    expect(await checkRedis(client)).toEqual({ reachable: true, refusals: [], warnings: [] });
    client.disconnect();
  });
});

/** `expect.poll` exists only inside a test. */
async function until(ask: () => Promise<string>, answer: string): Promise<void> {
  await vi.waitFor(async () => expect(await ask()).toContain(answer), { timeout: 30_000, interval: 20 });
}

/** Waits until the client of a cluster sees so many nodes. */
async function knows(client: Redis | Cluster, count: number): Promise<void> {
  const known = () => ('nodes' in client ? client.nodes().length : 0);
  await expect.poll(known, { timeout: 20_000 }).toBe(count);
}

async function slotOf(key: string): Promise<number> {
  return Number(await nodes[1]?.cli('CLUSTER', 'KEYSLOT', key));
}

/** Moves a slot with its keys to the next master, as an operator would. */
async function moveSlot(slot: number): Promise<void> {
  const finish = await beginToMoveSlot(slot);
  await finish();
}

/** The first half of it; answers the second. */
async function beginToMoveSlot(slot: number): Promise<() => Promise<void>> {
  const owner = SLOTS.findIndex(([from, to]) => slot >= from && slot <= to);
  const [source, destination] = [nodes[owner], nodes[owner === 1 ? 2 : 1]];
  if (!source || !destination) throw new Error('every slot has an owner');
  const [sourceId, destinationId] = [await source.cli('CLUSTER', 'MYID'), await destination.cli('CLUSTER', 'MYID')];
  await destination.cli('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', sourceId);
  await source.cli('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', destinationId);
  return async () => {
    const keys = (await source.cli('CLUSTER', 'GETKEYSINSLOT', String(slot), '100')).split('\n').filter(Boolean);
    for (const key of keys) await source.cli('MIGRATE', '127.0.0.1', String(destination.port), key, '0', '5000');
    for (const node of [destination, source]) await node.cli('CLUSTER', 'SETSLOT', String(slot), 'NODE', destinationId);
  };
}
