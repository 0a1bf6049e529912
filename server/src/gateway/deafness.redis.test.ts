import { randomBytes } from 'node:crypto';
import type { Ready } from '@querycast/protocol';
import { type DeafProxy, type RedisServer, startDeafProxy, startRedis } from '@querycast/test-servers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { becomes, type ConnectedBroker, connectBroker } from '../broker/redis-broker.test.support.js';
import { settleWithin } from '../redis/settle-within.js';
import type { GatewayOptions } from './gateway.js';
import { startNode } from './two-nodes.test.support.js';
import { virtualTimers } from './virtual-timers.test.support.js';

let redis: RedisServer;
let proxy: DeafProxy;
let prefix: string;
/** As another node, which nothing is wrong with. */
let other: ConnectedBroker;
let closers: (() => unknown)[];

beforeEach(async () => {
  redis = await startRedis();
  proxy = await startDeafProxy(redis);
  prefix = `qc-${randomBytes(6).toString('hex')}:`;
  other = connectBroker(redis, { prefix });
  await becomes(other.broker, true);
  closers = [() => redis.close(), () => proxy.close(), () => other.close()];
});

afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

/** A gateway whose broker is behind the proxy, and a client in its room. */
async function startDeafNode(options: Partial<GatewayOptions> = {}) {
  const connected = connectBroker(proxy, { prefix });
  closers.push(() => connected.close());
  await becomes(connected.broker, true);
  const node = await startNode({ redis, prefix, broker: connected.broker, ...options });
  closers.push(() => node.close());
  const client = node.connect('1');
  const [event, ready] = await client.next();
  expect(event).toBe('ready');
  return { node, client, subscriber: connected.subscriber, before: (ready as Ready).rooms[0]?.position };
}

/** The same, whose time is in the test's hands. */
async function startSweepingNode() {
  const timers = virtualTimers();
  const started = await startDeafNode({ timers });
  /** Lets it sweep until its client was told something behind its first message. */
  const sweepsUntilTold = () =>
    vi.waitFor(
      () => {
        timers.advance(500);
        expect(started.client.all).toHaveLength(2);
      },
      { timeout: 20_000, interval: 20 },
    );
  return { ...started, timers, sweepsUntilTold };
}

async function publishTwo() {
  await other.broker.append({ room: 'parent:1', keys: [['lost', 1]] });
  return await other.broker.append({ room: 'parent:1', keys: [['lost', 2]] });
}

async function nextTwo(client: { next(): Promise<[string, unknown]> }) {
  return [await client.next(), await client.next()];
}

const BOTH_KEYS = [
  ['lost', 1],
  ['lost', 2],
];

describe('a node that does not hear what is published, on a connection that answers', () => {
  it('tells its clients within 5 s, and within 2 s more exactly what they missed', async () => {
    const { client, before } = await startDeafNode();
    proxy.deafen();
    const { position } = await publishTwo();
    const first = await settleWithin(5_000, client.next());
    // The sweep may happen to look at this very room meanwhile.
    const swept = first[0] === 'invalidate' ? first : undefined;
    expect(swept ? await settleWithin(5_000, client.next()) : first).toEqual(['status', { live: false }]);
    const rest = swept ? [swept, await settleWithin(2_000, client.next())] : await settleWithin(2_000, nextTwo(client));
    expect(Object.fromEntries(rest)).toMatchObject({
      status: { live: true },
      invalidate: { prev: before, position, keys: BOTH_KEYS },
    });
    await other.broker.append({ room: 'parent:1', keys: [['after']] });
    expect(await client.next()).toMatchObject(['invalidate', { prev: position, keys: [['after']] }]);
  });
});

describe('a room that alone is not heard, while every beat is', () => {
  it('because the server has forgotten it is subscribed anew after the sweep: what comes then is heard at once', async () => {
    const { node, client, subscriber, timers, sweepsUntilTold } = await startSweepingNode();
    await subscriber.sunsubscribe(`${prefix}{parent:1}`);
    const { position } = await publishTwo();
    await sweepsUntilTold();
    await vi.waitFor(async () => expect(await other.broker.openRooms(['parent:1'])).toEqual(new Set(['parent:1'])));
    await other.broker.append({ room: 'parent:1', keys: [['after']] });
    await vi.waitFor(() => expect(node.counted('envelopes_received_total')).toBe(1));
    timers.advance(100);
    await client.next();
    expect(await client.next()).toMatchObject(['invalidate', { prev: position, keys: [['after']] }]);
  });

  it('is brought up to date by the sweep, and its clients are told nothing else', async () => {
    const { node, client, before, sweepsUntilTold } = await startSweepingNode();
    proxy.deafen({ swallows: (channel) => channel === `${prefix}{parent:1}`, forGood: true });
    const { position } = await publishTwo();
    await sweepsUntilTold();
    expect(client.all[1]).toMatchObject(['invalidate', { prev: before, position, keys: BOTH_KEYS }]);
    expect(node.counts).toContainEqual({ name: 'room_sweeps_total', labels: { result: 'recovered' } });
  });
});
