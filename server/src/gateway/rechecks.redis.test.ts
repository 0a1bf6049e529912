import { randomBytes } from 'node:crypto';
import type { EvictedCode, Room } from '@querycast/protocol';
import { type RedisServer, startDeafProxy, startRedis } from '@querycast/test-servers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryBroker, type MemoryBroker } from '../broker/memory-broker.js';
import { redisSubscriber } from '../redis/connect.js';
import type { RedisTarget } from '../redis/redis-target.js';
import type { GatewayOptions } from './gateway.js';
import { deferred } from './one-node.test.support.js';
import { connectAnew, startNode, type TestNode, untilConnected } from './two-nodes.test.support.js';

/** How soon a revocation takes effect where the nodes hear each other, in milliseconds. */
const WITHIN_MS = 1_000;

let redis: RedisServer;
let prefix: string;
let broker: MemoryBroker;
let nodes: TestNode[];
/** What the database says, to all nodes alike. */
let lost: Set<Room>;
let over: Map<string, EvictedCode>;

beforeEach(async () => {
  redis = await startRedis();
  prefix = `qc-${randomBytes(6).toString('hex')}:`;
  broker = createMemoryBroker();
  nodes = [];
  lost = new Set();
  over = new Map();
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await broker.close();
  await redis.close();
});

async function start(options: Partial<GatewayOptions> = {}, through: RedisServer | RedisTarget = redis) {
  const node = await startNode({
    redis: through,
    prefix,
    broker,
    recheck: async (principal) => over.get(principal.session ?? '') ?? principal,
    roomsOf: ({ id }) => [`parent:${id}`, `base:${id}`].filter((room): room is Room => !lost.has(room as Room)),
    authorize: (_, room) => !lost.has(room),
    ...options,
  });
  nodes.push(node);
  return node;
}

async function startTwo(optionsOfB?: Partial<GatewayOptions>, through?: RedisTarget): Promise<[TestNode, TestNode]> {
  const pair: [TestNode, TestNode] = [await start(), await start(optionsOfB, through)];
  await untilConnected(redis, prefix, 2);
  return pair;
}

async function ready(node: TestNode, token: string) {
  const client = node.connect(token);
  expect((await client.next())[0]).toBe('ready');
  return client;
}

type Client = Awaited<ReturnType<typeof ready>>;

async function expectWithin(client: Client, message: [string, unknown]): Promise<void> {
  await vi.waitFor(() => expect(client.all).toContainEqual(message), { timeout: WITHIN_MS, interval: 10 });
}

const left = (room: Room): [string, unknown] => ['left', { room, code: 'forbidden' }];

/**
 * A look upon a hint. What it finds is not said: the sweep comes when it comes, and may have found it before. So whether a
 * client was left alone says nothing either.
 */
const BY_HINT = { name: 'rights_checks_total', labels: expect.objectContaining({ cause: 'hint' }) };

/** The node has looked upon a hint, its first one. */
async function untilHinted(node: TestNode): Promise<void> {
  await vi.waitFor(() => expect(node.counts).toContainEqual(BY_HINT), { timeout: 10_000, interval: 10 });
}

describe('a recheck on one node', () => {
  it('reaches the sessions on every node within a second, and none of anybody else', async () => {
    const [a, b] = await startTwo();
    const mine = [await ready(a, '1/x'), await ready(b, '1/x'), await ready(b, '1/y')];
    for (const client of mine)
      expect(await client.socket.emitWithAck('subscribe', { room: 'class:7' })).toMatchObject({ ok: true });
    const other = await ready(b, '2/z');
    lost.add('parent:1').add('class:7').add('parent:2');
    a.gateway.recheck({ user: '1' });
    for (const client of mine) {
      await expectWithin(client, left('parent:1'));
      await expectWithin(client, left('class:7'));
    }
    over.set('y', 'logged_out');
    a.gateway.recheck({ session: 'y' });
    await expectWithin(mine[2] as Client, ['evicted', { code: 'logged_out' }]);
    for (const room of ['parent:1', 'class:7', 'base:1', 'parent:2'] as const) {
      await broker.append({ room, keys: [['marker']] });
    }
    expect((await other.next())[1]).toMatchObject({ room: 'parent:2' });
    for (const client of mine.slice(0, 2)) {
      for (let event = ''; event !== 'invalidate'; ) {
        const [next, message] = await client.next();
        if (next === 'invalidate') expect(message).toMatchObject({ room: 'base:1' });
        event = next;
      }
    }
    expect([a.counted('rechecks_unconfirmed_total'), b.counted('peer_messages_refused_total')]).toEqual([0, 0]);
  });

  it('beats a connection whose rooms another node is asking for at that moment', async () => {
    const [reached, gate] = [deferred(), deferred()];
    let isFirst = true;
    const [a, b] = await startTwo({
      async roomsOf() {
        const rooms: Room[] = lost.has('parent:1') ? ['base:1'] : ['parent:1', 'base:1'];
        if (isFirst) {
          isFirst = false;
          reached.resolve();
          await gate.promise;
        }
        return rooms;
      },
    });
    const client = b.connect('1/x');
    await reached.promise;
    // Somebody whose rights are looked at as well tells when the other node has heard.
    const witness = await ready(b, '1/w');
    lost.add('parent:1');
    a.gateway.recheck({ user: '1' });
    await expectWithin(witness, left('parent:1'));
    gate.resolve();
    expect(await client.next()).toMatchObject(['ready', { rooms: [{ room: 'base:1' }] }]);
  });
});

describe('a node that could not hear', () => {
  it('looks at all of its sessions when it hears again, also when nobody knew that it was deaf', async () => {
    const [a, b] = await startTwo();
    const client = await ready(b, '1/x');
    // Redis closes it now and the node notices later.
    b.subscriber.disconnect();
    await untilConnected(redis, prefix, 1);
    lost.add('parent:1');
    a.gateway.recheck({ user: '1' });
    await connectAnew(b.subscriber);
    await expectWithin(client, left('parent:1'));
    expect(a.counted('rechecks_unconfirmed_total')).toBe(0);
    await untilHinted(b);
  });

  it('does so when it finds that its connection answers and delivers nothing', async () => {
    const proxy = await startDeafProxy(redis);
    const [a, b] = await startTwo({}, proxy);
    const client = await ready(b, '1/x');
    proxy.deafen();
    lost.add('parent:1');
    a.gateway.recheck({ user: '1' });
    await vi.waitFor(() => expect(client.all).toContainEqual(left('parent:1')), { timeout: 10_000, interval: 10 });
    await untilHinted(b);
    await b.close();
    await proxy.close();
  });

  it('does so when Redis was away for all of them', async () => {
    const [a, b] = await startTwo();
    const [here, there] = [await ready(a, '1/x'), await ready(b, '1/x')];
    await redis.stop();
    await expect.poll(() => [a.commands.status, b.subscriber.status]).not.toContain('ready');
    lost.add('parent:1');
    a.gateway.recheck({ user: '1' });
    await expectWithin(here, left('parent:1'));
    await a.logged('recheck not confirmed by every node');
    expect(b.counts).not.toContainEqual(BY_HINT);
    await redis.start();
    await vi.waitFor(() => expect(there.all).toContainEqual(left('parent:1')), { timeout: 10_000, interval: 10 });
    await untilHinted(b);
  });
});

describe('a node that could not speak', () => {
  it('has the others look at all of their sessions as soon as it can', async () => {
    const [a, b] = await startTwo();
    const client = await ready(b, '1/x');
    a.commands.disconnect();
    lost.add('parent:1');
    a.gateway.recheck({ user: '1' });
    await a.logged('recheck not confirmed by every node');
    expect(a.counted('rechecks_unconfirmed_total')).toBe(1);
    await connectAnew(a.commands);
    await vi.waitFor(() => expect(client.all).toContainEqual(left('parent:1')), { timeout: 10_000, interval: 10 });
  });
});

describe('a recheck that another node', () => {
  it('does not confirm is counted and logged, without a name', async () => {
    const [a] = await startTwo();
    // Subscribed, but mute: what a node that hangs looks like.
    const mute = redisSubscriber({ url: redis.url });
    await mute.ssubscribe(`${prefix}control:{nodes}#/#`);
    await untilConnected(redis, prefix, 3);
    a.gateway.recheck({ user: 'somebody' });
    await a.logged('recheck not confirmed by every node');
    expect(a.lines).toContainEqual({
      level: 'warn',
      fields: { nodes: 2, answers: 1, rechecks: 1 },
      message: 'recheck not confirmed by every node',
    });
    mute.disconnect();
  });

  it('could not be told of, because of a long name, is kept to this one', async () => {
    const [a, b] = await startTwo();
    const long = 'x'.repeat(257);
    const here = await ready(a, `1/${long}`);
    await ready(b, `1/${long}`);
    over.set(long, 'logged_out');
    a.gateway.recheck({ session: long });
    await expectWithin(here, ['evicted', { code: 'logged_out' }]);
    expect(a.counted('rechecks_unconfirmed_total')).toBe(1);
    expect(JSON.stringify(a.lines)).not.toContain(long);
    // What the next question reaches.
    a.gateway.evict({ session: long.slice(1) }, 'logged_out');
    await b.logged('evicted for another node');
    expect(b.counts).not.toContainEqual(BY_HINT);
  });

  it.each([
    ['a target of two kinds', { target: { user: '1', session: 'x' } }],
    ['no object', 'secret'],
    ['more than a target', { target: { user: '1' }, code: 'secret' }],
    ['a long name', { target: { user: 'secret'.repeat(50) } }],
  ])('is asked for by somebody else with %s is refused, logged without a value and counted', async (_, question) => {
    const node = await start();
    await untilConnected(redis, prefix, 1);
    const packet = ['recheck', question];
    const message = JSON.stringify({ uid: 'u', nsp: '/', type: 9, data: { requestId: 'r', packet } });
    await node.commands.spublish(`${prefix}control:{nodes}#/#`, message);
    await node.logged('message of another node refused');
    expect(node.counted('peer_messages_refused_total')).toBe(1);
    expect(JSON.stringify(node.lines)).not.toContain('secret');
  });
});
