import { type DeafProxy, type RedisServer, startDeafProxy, startRedis } from '@querycast/test-servers';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { startNode, untilConnected } from '../gateway/two-nodes.test.support.js';
import { createPublisher } from '../publisher/publisher.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisDoor } from '../publisher/redis-door.js';
import { redisCommands, redisSubscriber } from './connect.js';

const PREFIX = 'qc:';
/** A beat is due after 2 s and missed 1.5 s later; then it connects anew. */
const NOTICED = { timeout: 10_000, interval: 20 };

let redis: RedisServer;
let proxy: DeafProxy;
let recorded: ReturnType<typeof recordObservability>;
let closers: (() => unknown)[];

beforeEach(async () => {
  redis = await startRedis();
  proxy = await startDeafProxy(redis);
  recorded = recordObservability();
  closers = [];
});

afterEach(async () => {
  for (const close of closers.reverse()) await close();
  await proxy.close();
  await redis.close();
});

const logged = (message: string) =>
  vi.waitFor(() => expect(recorded.lines.map((line) => line.message)).toContain(message), NOTICED);
const beats = (result: string) => recorded.counts.filter(({ labels }) => labels['result'] === result);

/** A Redis door behind the proxy, open; and what it published. */
async function openDoor(subscriber = redisSubscriber(proxy)) {
  const broker = createMemoryBroker();
  const commands = redisCommands(redis);
  const { logger, metrics } = recorded;
  const publisher = createPublisher({ broker });
  const door = redisDoor({ commands, subscriber, publisher, prefix: PREFIX, logger, metrics });
  closers.push(
    () => broker.close(),
    () => commands.disconnect(),
    () => subscriber.disconnect(),
    () => door.close(),
  );
  await logged('redis door open');
  return { broker, subscriber };
}

const publish = (key: string) =>
  redis.cli('PUBLISH', `${PREFIX}publish`, JSON.stringify({ id: key, rooms: ['parent:1'], keys: [[key]] }));

describe('a Redis door that hears nothing on a connection that answers', () => {
  it('connects anew, is open again, and says and counts it', async () => {
    const { broker } = await openDoor();
    const { position } = await broker.read('parent:1');
    proxy.deafen();
    await publish('lost');
    await logged('heartbeat not heard, connecting anew');
    await logged('heartbeat heard again');
    await publish('heard');
    await vi.waitFor(async () => expect((await broker.read('parent:1', position)).keys).toEqual([['heard']]), NOTICED);
    expect(beats('missed')).toEqual([{ name: 'heartbeats_total', labels: { connection: 'door', result: 'missed' } }]);
  });

  it('because the server forgot its subscriptions does so as well', async () => {
    const { broker, subscriber } = await openDoor();
    const { position } = await broker.read('parent:1');
    await subscriber.unsubscribe();
    await logged('heartbeat heard again');
    await publish('heard');
    await vi.waitFor(async () => expect((await broker.read('parent:1', position)).keys).toEqual([['heard']]), NOTICED);
  });
});

it('a door whose connection could not agree on RESP3 hears itself, and does not stay deaf', async () => {
  await openDoor(new Redis(proxy.port, { protocol: 2, maxRetriesPerRequest: null }));
  await vi.waitFor(() => expect(beats('heard')).not.toEqual([]), NOTICED);
  proxy.deafen();
  await logged('heartbeat not heard, connecting anew');
  await logged('heartbeat heard again');
  expect(beats('failed')).toEqual([]);
});

describe('a gateway that does not hear the others on a connection that answers', () => {
  it('connects anew, and catches up with what they evicted', async () => {
    const broker = createMemoryBroker();
    const a = await startNode({ redis, prefix: PREFIX, broker });
    const b = await startNode({ redis: { url: proxy.url }, prefix: PREFIX, broker });
    closers.push(
      () => broker.close(),
      () => a.close(),
      () => b.close(),
    );
    await untilConnected(redis, PREFIX, 2);
    const client = b.connect('1/x');
    expect((await client.next())[0]).toBe('ready');
    proxy.deafen();
    a.gateway.evict({ session: 'x' }, 'logged_out');
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
    expect(b.lines.map(({ message }) => message)).toContain('heartbeat not heard, connecting anew');
    expect(b.counts).toContainEqual({ name: 'heartbeats_total', labels: { connection: 'control', result: 'missed' } });
  });
});

it('a beat that the server refuses disturbs nobody: the door stays open, and it is said once', async () => {
  await redis.cli('ACL', 'SETUSER', 'default', '-publish');
  const { broker, subscriber } = await openDoor(redisSubscriber(redis));
  const lost = vi.fn();
  subscriber.on('close', lost);
  await vi.waitFor(() => expect(beats('failed').length).toBeGreaterThan(1), NOTICED);
  expect(lost).not.toHaveBeenCalled();
  expect(recorded.lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { message: 'heartbeat could not be sent', fields: { connection: 'door' } },
  ]);
  await redis.cli('ACL', 'SETUSER', 'default', '+publish');
  const { position } = await broker.read('parent:1');
  await publish('heard');
  await vi.waitFor(async () => expect((await broker.read('parent:1', position)).keys).toEqual([['heard']]), NOTICED);
});

it('ends with its part: no channel is left on the server, and no timer goes on', async () => {
  const { subscriber } = await openDoor();
  await vi.waitFor(async () => expect(await redis.cli('PUBSUB', 'CHANNELS')).toMatch(/qc:beat:/), NOTICED);
  await closers.pop()?.();
  expect(await redis.cli('PUBSUB', 'CHANNELS')).toBe('');
  expect(subscriber.eventNames()).not.toContain('messageBuffer');
});
