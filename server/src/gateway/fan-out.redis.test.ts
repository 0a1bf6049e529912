import { randomBytes } from 'node:crypto';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Broker } from '../broker/broker.js';
import { createRedisBroker } from '../broker/redis-broker.js';
import { recordObservability } from '../publisher/recorded-observability.js';
import { redisCommands, redisSubscriber } from '../redis/connect.js';
import { startNode, type TestNode, untilConnected } from './two-nodes.test.support.js';

let redis: RedisServer;
let prefix: string;
let closing: (() => Promise<void>)[];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

beforeEach(() => {
  prefix = `qc-${randomBytes(6).toString('hex')}:`;
  closing = [];
});

afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

/** A gateway with a broker of its own on the shared server. */
async function start(): Promise<TestNode & { readonly broker: Broker; brokerMessages(): number }> {
  const commands = redisCommands({ url: redis.url });
  const subscriber = redisSubscriber({ url: redis.url });
  const { metrics, counts } = recordObservability();
  const broker = createRedisBroker({ commands, subscriber, prefix, metrics });
  closing.push(async () => {
    await broker.close();
    commands.disconnect();
    subscriber.disconnect();
  });
  const node = await startNode({ redis, prefix, broker });
  closing.push(() => node.close());
  const live = new Promise<void>((resolve) => broker.onLive((isLive) => isLive && resolve()));
  await live;
  return {
    ...node,
    broker,
    brokerMessages: () => counts.filter(({ name }) => name === 'broker_messages_total').length,
  };
}

/** The rooms somebody is subscribed to, each once, as Redis sees it. */
async function openRooms(): Promise<string[]> {
  const channels = (await redis.cli('PUBSUB', 'SHARDCHANNELS', `${prefix}{*`)).split('\n');
  return channels.filter((channel) => channel !== '').sort();
}

describe('a frame on two nodes', () => {
  it('reaches each client of its room exactly once, wherever it is connected', async () => {
    const [a, b] = [await start(), await start()];
    await untilConnected(redis, prefix, 2);
    const clients = [a.connect('1'), a.connect('1'), b.connect('1'), b.connect('1')];
    for (const client of clients) expect((await client.next())[0]).toBe('ready');
    await a.broker.append({ room: 'parent:1', keys: [['first']] });
    await b.broker.append({ room: 'parent:1', keys: [['last']] });
    for (const client of clients) {
      const keys: unknown[] = [];
      while (!JSON.stringify(keys).includes('last')) {
        const [event, frame] = await client.next();
        expect(event).toBe('invalidate');
        keys.push(...(frame as { keys: unknown[] }).keys);
      }
      expect(keys).toEqual([['first'], ['last']]);
    }
    // A further round trip through both nodes: a second copy would have come before it.
    await a.broker.append({ room: 'parent:1', keys: [['marker']] });
    for (const client of clients) {
      expect(await client.next()).toMatchObject(['invalidate', { keys: [['marker']] }]);
      expect(client.all.filter(([, frame]) => JSON.stringify(frame).includes('first'))).toHaveLength(1);
    }
  });

  it('costs a node without the room nothing: not one message comes in', async () => {
    const [a, b] = [await start(), await start()];
    const here = a.connect('1');
    const there = b.connect('2');
    await here.next();
    await there.next();
    expect(await openRooms()).toEqual([`${prefix}{parent:1}`, `${prefix}{parent:2}`]);
    const beforeMarker = b.brokerMessages();
    for (let n = 0; n < 20; n += 1) await b.broker.append({ room: 'parent:1', keys: [['k', n]] });
    await a.broker.append({ room: 'parent:2', keys: [['marker']] });
    expect(await there.next()).toMatchObject(['invalidate', { keys: [['marker']] }]);
    expect(b.brokerMessages() - beforeMarker).toBe(1);
    expect(b.counted('envelopes_received_total')).toBe(1);
    await expect.poll(() => a.counted('envelopes_received_total')).toBe(20);
  });

  it('is heard no more once the last client of its room has left the node', async () => {
    const a = await start();
    const client = a.connect('1');
    await client.next();
    client.socket.disconnect();
    await expect.poll(openRooms).toEqual([]);
  });
});

describe('Redis restarted without its data', () => {
  it('tells every open room to fetch anew, spread, and frames flow again', async () => {
    const [a, b] = [await start(), await start()];
    const clients = [a.connect('1'), b.connect('1'), b.connect('2')];
    for (const client of clients) expect((await client.next())[0]).toBe('ready');
    await redis.kill();
    for (const client of clients) expect(await client.next()).toEqual(['status', { live: false }]);
    await redis.start();
    for (const client of clients) {
      const rest = [await client.next(), await client.next()];
      expect(Object.fromEntries(rest)).toMatchObject({
        status: { live: true },
        resync: { reason: 'epoch', spreadMs: 2_000 },
      });
    }
    await a.broker.append({ room: 'parent:1', keys: [['after']] });
    for (const client of clients.slice(0, 2)) {
      expect(await client.next()).toMatchObject(['invalidate', { keys: [['after']] }]);
    }
  });

  it('while a client connects: it is let in, told that the node is not live, and gets its row later', async () => {
    const a = await start();
    await redis.kill();
    await expect.poll(() => a.lines.some(({ message }) => message === 'broker state changed')).toBe(true);
    const client = a.connect('1');
    expect(await client.next()).toMatchObject(['ready', { live: false, rooms: [] }]);
    await redis.start();
    const rest = [await client.next(), await client.next()];
    expect(Object.fromEntries(rest)).toMatchObject({
      status: { live: true },
      joined: { rooms: [{ room: 'parent:1', status: 'fresh' }] },
    });
    await a.broker.append({ room: 'parent:1', keys: [['after']] });
    expect(await client.next()).toMatchObject(['invalidate', { keys: [['after']] }]);
  });
});
