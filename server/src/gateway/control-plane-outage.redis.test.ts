import { randomBytes } from 'node:crypto';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryBroker, type MemoryBroker } from '../broker/memory-broker.js';
import type { GatewayOptions } from './gateway.js';
import { systemTimers } from './timers.js';
import { connectAnew, startNode, type TestNode, untilConnected } from './two-nodes.test.support.js';

// A rejection that nobody handles fails the whole run: each of these tests would show it.

let redis: RedisServer;
let prefix: string;
let broker: MemoryBroker;
let nodes: TestNode[];

beforeEach(async () => {
  redis = await startRedis();
  prefix = `qc-${randomBytes(6).toString('hex')}:`;
  broker = createMemoryBroker();
  nodes = [];
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await broker.close();
  await redis.close();
});

async function start(options: Partial<GatewayOptions> = {}): Promise<TestNode> {
  const node = await startNode({ redis, prefix, broker, ...options });
  nodes.push(node);
  return node;
}

/** Evicts a log-in on one node and waits until it is gone from the other. */
async function expectEvictionAcross(from: TestNode, to: TestNode, login: string): Promise<void> {
  const client = to.connect(`1/${login}`);
  expect((await client.next())[0]).toBe('ready');
  from.gateway.evict({ session: login }, 'logged_out');
  expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
}

describe('Redis stopped at run time', () => {
  it('leaves sockets and local evictions alone, is counted, and heals by itself', async () => {
    const [a, b] = [await start(), await start()];
    await untilConnected(redis, prefix, 2);
    const [here, there] = [a.connect('1/x'), b.connect('2/y')];
    await here.next();
    await there.next();

    await redis.stop();
    await expect.poll(() => [a.commands.status, a.subscriber.status]).not.toContain('ready');
    expect(a.gateway.evict({ session: 'x' }, 'logged_out')).toBe(1);
    expect(await here.next()).toEqual(['evicted', { code: 'logged_out' }]);
    await a.logged('eviction not confirmed by every node');
    expect(a.counted('evictions_unconfirmed_total')).toBe(1);

    await redis.start();
    await untilConnected(redis, prefix, 2);
    await expectEvictionAcross(a, b, 'p');
    await expectEvictionAcross(b, a, 'q');
    await broker.append({ room: 'parent:2', keys: [['marker']] });
    expect((await there.next())[0]).toBe('invalidate');
  });

  it('more than once, also by a crash, heals as well', async () => {
    const [a, b] = [await start(), await start()];
    for (const login of ['one', 'two', 'three']) {
      await untilConnected(redis, prefix, 2);
      await expectEvictionAcross(a, b, login);
      await redis.kill();
      await redis.start();
    }
  });
});

describe('an eviction that a node could not hear', () => {
  it('is caught up with when Redis is back, and spares whoever came since', async () => {
    let laterMs = 0;
    const timers = { ...systemTimers, now: () => systemTimers.now() + laterMs };
    const [a, b] = [await start({ timers }), await start({ timers })];
    await untilConnected(redis, prefix, 2);
    const before = b.connect('1/x');
    await before.next();
    await redis.stop();
    await expect.poll(() => [a.commands.status, b.subscriber.status]).not.toContain('ready');
    a.gateway.evict({ user: '1' }, 'logged_out');
    await a.logged('eviction not confirmed by every node');
    // An eviction that is heard of late ends as well who came while word of it was on its way.
    laterMs = 10_000;
    const since = b.connect('1/y');
    expect((await since.next())[0]).toBe('ready');
    await redis.start();
    expect(await before.next()).toEqual(['evicted', { code: 'logged_out' }]);
    await b.logged('caught up with evictions of another node');
    expect(b.gateway.sessions()).toMatchObject([{ login: 'y' }]);
  });

  it('is caught up with by a node that alone had lost its connection', async () => {
    const [a, b] = [await start(), await start()];
    await untilConnected(redis, prefix, 2);
    const client = b.connect('1/x');
    await client.next();
    // Redis closes it now and the node notices later: in between, nobody knows that it is deaf.
    b.subscriber.disconnect();
    await untilConnected(redis, prefix, 1);
    a.gateway.evict({ session: 'x' }, 'logged_out');
    await connectAnew(b.subscriber);
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
    expect(a.counted('evictions_unconfirmed_total')).toBe(0);
  });
});

describe('a node whose commands fail while it hears the others', () => {
  it('tells its evictions as soon as it can', async () => {
    const [a, b] = [await start(), await start()];
    await untilConnected(redis, prefix, 2);
    const client = b.connect('1/x');
    await client.next();
    a.commands.disconnect();
    a.gateway.evict({ session: 'x' }, 'logged_out');
    await a.logged('eviction not confirmed by every node');
    await connectAnew(a.commands);
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
  });
});

describe('connections that break', () => {
  it('are made anew, with their channels', async () => {
    const [a, b] = [await start(), await start()];
    await untilConnected(redis, prefix, 2);
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await expect.poll(() => a.commands.status).toBe('ready');
    await untilConnected(redis, prefix, 2);
    await expectEvictionAcross(a, b, 'x');
  });
});

describe('Redis away at start', () => {
  it('is no error: the channels are joined when it comes', async () => {
    await redis.stop();
    const [a, b] = [await start(), await start()];
    const client = b.connect('1/x');
    expect((await client.next())[0]).toBe('ready');
    a.gateway.evict({ session: 'x' }, 'logged_out');
    await a.logged('eviction not confirmed by every node');
    await redis.start();
    await untilConnected(redis, prefix, 2);
    await expectEvictionAcross(a, b, 'y');
  });
});

describe('a channel that Redis refuses', () => {
  it('is logged, counted and asked for again until it is granted', async () => {
    await redis.cli('ACL', 'SETUSER', 'default', 'resetchannels');
    const a = await start();
    await a.logged('control channel could not be joined');
    expect(a.counts).toContainEqual({ name: 'subscribe_errors_total', labels: { channel: 'control' } });
    await redis.cli('ACL', 'SETUSER', 'default', 'allchannels');
    await untilConnected(redis, prefix, 1);
  });
});

describe('closing', () => {
  it.each(['is there', 'is away', 'hangs'])('settles when Redis %s', async (state) => {
    const a = await start();
    await untilConnected(redis, prefix, 1);
    if (state === 'is away') {
      await redis.stop();
      await expect.poll(() => a.subscriber.status).not.toBe('ready');
    }
    if (state === 'hangs') redis.pause();
    a.gateway.evict({ session: 'x' }, 'logged_out');
    await a.gateway.close();
    await a.close();
    if (state === 'hangs') redis.resume();
  });

  it('leaves the channels, so that nobody waits for an answer of this node', async () => {
    const [a, b] = [await start(), await start()];
    await untilConnected(redis, prefix, 2);
    await a.gateway.close();
    await untilConnected(redis, prefix, 1);
    await expectEvictionAcross(b, b, 'x');
  });
});
