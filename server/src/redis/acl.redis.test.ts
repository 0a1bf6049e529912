import type { Room } from '@querycast/protocol';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { becomes, connectBroker } from '../broker/redis-broker.test.support.js';
import { createCache } from '../cache/cache.js';
import { redisStore } from '../cache/redis-store.js';
import { startNode, untilConnected } from '../gateway/two-nodes.test.support.js';
import { createPublisher } from '../publisher/publisher.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisDoor } from '../publisher/redis-door.js';
import { documentedForCluster, refusedBy, withUsers } from './acl.test.support.js';
import { checkRedis } from './check-redis.js';
import { claimRedis } from './claim-redis.js';
import { redisCommands, redisSubscriber } from './connect.js';

const PREFIX = 'qc:';
const ROOM = 'parent:42';

let redis: RedisServer;
let closers: (() => unknown)[];

beforeEach(async () => {
  redis = await startRedis();
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  await redis.close();
});

async function exerciseClaim(client: Parameters<typeof claimRedis>[0]) {
  expect([await claimRedis(client, 'one'), await claimRedis(client, 'another')]).toEqual(['one', 'one']);
}

async function exerciseBroker(target: Parameters<typeof redisCommands>[0]) {
  const { broker, commands, close } = connectBroker(target, { prefix: PREFIX });
  closers.push(close);
  await becomes(broker, true);
  expect(await checkRedis(commands)).toMatchObject({ reachable: true, refusals: [] });
  await exerciseClaim(commands);
  const { position } = await broker.read(ROOM);
  const delivered = new Promise((resolve) => {
    void broker.subscribe(ROOM, resolve).then(async () => {
      await broker.append({ room: ROOM, keys: [['a']], id: 'once' });
    });
  });
  expect(await delivered).toMatchObject({ room: ROOM, keys: [['a']] });
  expect(await broker.openRooms([ROOM, 'parent:43'])).toEqual(new Set([ROOM]));
  // More than a log holds, so that it drops some; then the log is deleted by hand.
  for (let n = 0; n < 5; n += 1) {
    await broker.append({ room: ROOM, keys: Array.from({ length: 64 }, (_, index) => ['many', n, index]) });
  }
  expect((await broker.read(ROOM, position)).status).toBe('resync');
  await redis.cli('DEL', `${PREFIX}{${ROOM}}:log`);
  expect((await broker.read(ROOM, position)).status).toBe('resync');
  await redis.cli('SCRIPT', 'FLUSH');
  await broker.append({ room: ROOM, keys: [['b']] });
  await redis.cli('HSET', `${PREFIX}{${ROOM}}:head`, 'incarnation', 'another');
  expect((await broker.read(ROOM, position)).status).toBe('resync');
  return broker;
}

/** A program that publishes by the library, hears nothing and serves nobody. */
async function exercisePublisher(target: Parameters<typeof redisCommands>[0], listening: Broker) {
  const { logger, metrics, counts } = recordObservability();
  const { broker, close } = connectBroker(target, { prefix: PREFIX, logger, metrics });
  closers.push(close);
  await becomes(broker, true);
  const publisher = createPublisher({ broker });
  const rooms: Room[] = ['parent:7', 'teacher:1'];
  const delivered = new Promise((resolve) => {
    void listening.subscribe('parent:7', resolve).then(() => publisher.invalidate({ rooms, keys: [['x']], id: 'p-1' }));
  });
  expect(await delivered).toMatchObject({ room: 'parent:7', id: 'p-1', keys: [['x']] });
  // More than a log holds, and a script that the server has forgotten.
  for (let n = 0; n < 5; n += 1) {
    await publisher.invalidate({ rooms, keys: Array.from({ length: 64 }, (_, index) => ['many', n, index]) });
  }
  await redis.cli('SCRIPT', 'FLUSH');
  await redis.cli('HSET', `${PREFIX}{parent:7}:head`, 'incarnation', 'another');
  await publisher.invalidate({ rooms, keys: [['y']] });
  const heard = { name: 'heartbeats_total', labels: { connection: 'log', result: 'heard' } };
  await vi.waitFor(() => expect(counts).toContainEqual(heard), 10_000);
}

it('the documented user of a gateway can do all that broker and control plane need', async () => {
  const url = (await withUsers(redis, 'log'))('gateway');
  const broker = await exerciseBroker({ url });

  const nodes = [];
  for (const _ of [1, 2]) nodes.push(await startNode({ redis: { ...redis, url }, prefix: PREFIX, broker }));
  const [a, b] = nodes;
  if (!a || !b) throw new Error('two nodes were started');
  closers.push(...nodes.map((node) => () => node.close()));
  await untilConnected(redis, PREFIX, 2);
  const client = b.connect('42/x');
  expect((await client.next())[0]).toBe('ready');
  a.gateway.evict({ session: 'x' }, 'logged_out');
  expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
  await b.logged('evicted for another node');
  const heard = { name: 'heartbeats_total', labels: { connection: 'control', result: 'heard' } };
  await vi.waitFor(() => expect(b.counts).toContainEqual(heard), 10_000);
  expect(await refusedBy(redis)).toEqual([]);
});

it('the documented backend opens the door, and nothing else', async () => {
  const urls = await withUsers(redis, 'log');
  const broker = await exerciseBroker({ url: urls('gateway') });
  const target = { url: urls('gateway') };
  const [commands, subscriber] = [redisCommands(target), redisSubscriber(target)];
  const { logger, metrics, lines, counts } = recordObservability();
  const door = redisDoor({ commands, subscriber, publisher: createPublisher({ broker }), logger, metrics });
  closers.push(
    () => commands.disconnect(),
    () => subscriber.disconnect(),
    () => door.close(),
  );
  const opened = { level: 'info', fields: { channel: 'qc:publish' }, message: 'redis door open' };
  await vi.waitFor(() => expect(lines).toContainEqual(opened));
  const heard = { name: 'heartbeats_total', labels: { connection: 'door', result: 'heard' } };
  await vi.waitFor(() => expect(counts).toContainEqual(heard), 10_000);

  const { password } = new URL(urls('backend'));
  const asBackend = (...command: string[]) => redis.cli('--user', 'backend', '--pass', password, ...command);
  const delivered = new Promise((resolve) => {
    const message = JSON.stringify({ id: 'c-1', rooms: ['parent:7'], keys: [['x']] });
    void broker.subscribe('parent:7', resolve).then(() => asBackend('PUBLISH', 'qc:publish', message));
  });
  expect(await delivered).toMatchObject({ room: 'parent:7', id: 'c-1' });
  expect(await refusedBy(redis)).toEqual([]);

  await expect(asBackend('PUBLISH', 'qc:{parent:7}', '{}')).rejects.toThrow('NOPERM');
  await expect(asBackend('SPUBLISH', 'qc:{parent:7}', '{}')).rejects.toThrow('NOPERM');
  await expect(asBackend('HGETALL', 'qc:{parent:7}:head')).rejects.toThrow('NOPERM');
  await expect(asBackend('SUBSCRIBE', 'qc:publish')).rejects.toThrow('NOPERM');
});

it('the documented user of the cache can do all that the cache needs', async () => {
  const client = redisCommands({ url: (await withUsers(redis, 'cache'))('cache') });
  closers.push(() => client.disconnect());
  await vi.waitFor(() => expect(client.status).toBe('ready'));
  expect(await checkRedis(client)).toMatchObject({ reachable: true, refusals: [] });
  await exerciseClaim(client);
  const cache = createCache({ store: redisStore(client) });
  const computed = vi.fn(async () => 1);
  const read = () =>
    cache.getOrCompute({ owner: 'parent:1', key: 'parent:1:dashboard', ttlMs: 60_000, compute: computed });
  expect([await read(), await read()]).toEqual([1, 1]);
  expect(computed).toHaveBeenCalledTimes(1);
  await cache.evict(['parent:1']);
  await read();
  expect(computed).toHaveBeenCalledTimes(2);
  expect(await refusedBy(redis)).toEqual([]);
});

it('the documented publisher appends to every room, and can send nothing else to anybody', async () => {
  const urls = await withUsers(redis, 'log');
  const broker = await exerciseBroker({ url: urls('gateway') });
  await exercisePublisher({ url: urls('publisher') }, broker);
  expect(await refusedBy(redis)).toEqual([]);
});

it('without the right to INFO the log refuses to work, and says why', async () => {
  const url = (await withUsers(redis, 'log', ['-info']))('gateway');
  const commands = redisCommands({ url });
  closers.push(() => commands.disconnect());
  await vi.waitFor(() => expect(commands.status).toBe('ready'));
  const { refusals } = await checkRedis(commands);
  expect(refusals.map(({ code }) => code)).toEqual(['info_forbidden']);

  // Nor is it silent where nobody asks beforehand.
  const { logger, metrics, lines, counts } = recordObservability();
  const { broker, close } = connectBroker({ url }, { prefix: PREFIX, logger, metrics });
  closers.push(close);
  const message = 'the Redis user may not run INFO, which the scripts of the log need: add +info';
  const said = { level: 'error', fields: { finding: 'info_forbidden' }, message };
  await vi.waitFor(() => expect(lines).toContainEqual(said), 10_000);
  expect(counts).toContainEqual({ name: 'broker_server_findings_total', labels: { finding: 'info_forbidden' } });
  await expect(broker.append({ room: ROOM, keys: [['a']] })).rejects.toThrow(BrokerUnavailableError);
  expect(await redis.cli('EXISTS', `${PREFIX}{${ROOM}}:head`)).toBe('0');
});

it('what the document adds for a Cluster is enough for one', async () => {
  await redis.close();
  redis = await startRedis({ config: { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' } });
  await redis.cli('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await vi.waitFor(async () => expect(await redis.cli('CLUSTER', 'INFO')).toContain('cluster_state:ok'), {
    timeout: 10_000,
  });
  const urls = await withUsers(redis, 'log', documentedForCluster());
  const broker = await exerciseBroker({ cluster: [urls('gateway')] });
  await exercisePublisher({ cluster: [urls('publisher')] }, broker);
  expect(await refusedBy(redis)).toEqual([]);
});
