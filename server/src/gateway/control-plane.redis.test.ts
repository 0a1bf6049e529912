import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import type { Command } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryBroker, type MemoryBroker } from '../broker/memory-broker.js';
import { createPublisher } from '../publisher/publisher.js';
import { redisDoor } from '../publisher/redis-door.js';
import { redisSubscriber } from '../redis/connect.js';
import { createGateway, type GatewayOptions } from './gateway.js';
import { redisAdapter } from './redis-adapter.js';
import { principalOf, startNode, type TestNode, untilConnected } from './two-nodes.test.support.js';

let redis: RedisServer;
let prefix: string;
let broker: MemoryBroker;
let nodes: TestNode[];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

beforeEach(() => {
  prefix = `qc-${randomBytes(6).toString('hex')}:`;
  broker = createMemoryBroker();
  nodes = [];
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await broker.close();
});

async function start(options: Partial<GatewayOptions> = {}): Promise<TestNode> {
  const node = await startNode({ redis, prefix, broker, ...options });
  nodes.push(node);
  return node;
}

async function startTwo(optionsOfB: Partial<GatewayOptions> = {}): Promise<[TestNode, TestNode]> {
  const pair: [TestNode, TestNode] = [await start(), await start(optionsOfB)];
  await untilConnected(redis, prefix, 2);
  return pair;
}

const channel = () => `${prefix}control:{nodes}#/#`;

/** A promise and its key. */
function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('an eviction on one node', () => {
  it('of a log-in closes its sockets on every node, says why, and leaves all others alone', async () => {
    const [a, b] = await startTwo();
    const gone = [a.connect('1/x'), b.connect('1/x'), b.connect('1/x')];
    const staying = [a.connect('1/y'), b.connect('1/y'), b.connect('2/z')];
    for (const client of [...gone, ...staying]) expect((await client.next())[0]).toBe('ready');

    expect(a.gateway.evict({ session: 'x' }, 'logged_out')).toBe(1);

    for (const client of gone) {
      expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
      expect((await client.next())[0]).toBe('disconnect');
    }
    await broker.append({ room: 'parent:1', keys: [['marker']] });
    await broker.append({ room: 'parent:2', keys: [['marker']] });
    for (const client of staying) expect((await client.next())[0]).toBe('invalidate');
    expect(b.gateway.sessions()).toMatchObject([{ login: 'y' }, { login: 'z' }]);
    expect(a.counted('evictions_unconfirmed_total')).toBe(0);
  });

  it('of a user closes all log-ins of that user on every node', async () => {
    const [a, b] = await startTwo();
    const gone = [b.connect('1/x'), b.connect('1/y')];
    const other = b.connect('2/x');
    for (const client of [...gone, other]) await client.next();
    expect(a.gateway.evict({ user: '1' }, 'deactivated')).toBe(0);
    for (const client of gone) expect(await client.next()).toEqual(['evicted', { code: 'deactivated' }]);
    expect(b.gateway.sessions()).toMatchObject([{ user: '2' }]);
  });

  it('beats a connection whose token another node is checking at that moment', async () => {
    const reached = deferred();
    const gate = deferred();
    const [a, b] = await startTwo({
      authenticate: async (token) => {
        const principal = principalOf(token);
        reached.resolve();
        await gate.promise;
        return principal;
      },
    });
    const client = b.connect('1/x');
    await reached.promise;
    a.gateway.evict({ session: 'x' }, 'logged_out');
    await b.logged('evicted for another node');
    gate.resolve();
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
    expect((await client.next())[0]).toBe('disconnect');
  });

  it('is counted and logged when a node does not confirm it', async () => {
    const [a] = await startTwo();
    // Subscribed, but mute: what a node that hangs looks like.
    const mute = redisSubscriber({ url: redis.url });
    await mute.ssubscribe(channel());
    await untilConnected(redis, prefix, 3);
    a.gateway.evict({ session: 'x' }, 'logged_out');
    await a.logged('eviction not confirmed by every node');
    expect(a.counts).toContainEqual({ name: 'evictions_unconfirmed_total', labels: {} });
    expect(a.lines).toContainEqual({
      level: 'error',
      fields: { code: 'logged_out', nodes: 2, answers: 1 },
      message: 'eviction not confirmed by every node',
    });
    mute.disconnect();
  });
});

describe('a name too long to be told', () => {
  it('is evicted here, logged and counted, and spoils no later eviction', async () => {
    const [a, b] = await startTwo();
    const long = 'x'.repeat(257);
    const here = a.connect(`1/${long}`);
    const there = b.connect('1/y');
    for (const client of [here, there]) await client.next();
    expect(a.gateway.evict({ session: long }, 'logged_out')).toBe(1);
    await a.logged('eviction kept to this node');
    a.gateway.evict({ session: 'y' }, 'logged_out');
    expect(await there.next()).toEqual(['evicted', { code: 'logged_out' }]);
    expect(a.counted('evictions_unconfirmed_total')).toBe(1);
    expect(JSON.stringify(a.lines)).not.toContain(long);
  });
});

describe('a message of another process', () => {
  const question = (...packet: unknown[]) =>
    JSON.stringify({ uid: 'u', nsp: '/', type: 9, data: { requestId: 'r', packet } });

  it.each([
    ['no JSON', 'secret'],
    ['null', 'null'],
    ['binary', '\u0093\u0001'],
    ['too large', question('evict', 'secret'.repeat(200_001))],
    [
      'a frame for clients',
      JSON.stringify({
        uid: 'u',
        nsp: '/',
        type: 3,
        data: { packet: { type: 2, data: ['secret'] }, opts: { rooms: [], except: [], flags: {} } },
      }),
    ],
    [
      'a call for sessions',
      JSON.stringify({ uid: 'u', nsp: '/', type: 7, data: { requestId: 'r', opts: { rooms: [], except: [] } } }),
    ],
    [
      'an order to disconnect everyone',
      JSON.stringify({ uid: 'u', nsp: '/', type: 6, data: { opts: { rooms: [], except: [] }, close: true } }),
    ],
    ['another question', question('connection', 'secret')],
    [
      'a question that wants no answer',
      JSON.stringify({ uid: 'u', nsp: '/', type: 9, data: { packet: ['evict', 'secret'] } }),
    ],
    ['an eviction of nobody', question('evict', {})],
    ['an eviction of two at once', question('evict', { target: { user: '1', session: 'x' }, code: 'forbidden' })],
    ['an eviction with an unknown code', question('evict', { target: { user: '1' }, code: 'secret' })],
    ['an exchange of nonsense', question('exchange', ['secret'])],
    ['an exchange from the future', question('exchange', [{ target: { user: '1' }, code: 'forbidden', agoMs: -1 }])],
  ])('is refused, logged without a value and counted: %s', async (_name, message) => {
    const node = await start();
    const client = node.connect('1/x');
    await client.next();
    await untilConnected(redis, prefix, 1);
    // Larger than a command line may be: sent as a process would.
    await node.commands.spublish(channel(), message);
    await node.logged('message of another node refused');
    expect(node.counted('peer_messages_refused_total')).toBe(1);
    expect(JSON.stringify(node.lines)).not.toContain('secret');
    await broker.append({ room: 'parent:1', keys: [['marker']] });
    expect((await client.next())[0]).toBe('invalidate');
  });
});

describe('the subscriber of a gateway', () => {
  it('is refused to a Redis door and to another gateway, whose end would make the gateway deaf', async () => {
    const [a, b] = await startTwo();
    const publisher = createPublisher({ broker });
    expect(() => redisDoor({ commands: b.commands, subscriber: b.subscriber, publisher, prefix })).toThrow(TypeError);
    const adapter = redisAdapter({ commands: b.commands, subscriber: b.subscriber, prefix });
    const another = createGateway({ broker, authenticate: async () => principalOf('1'), roomsOf: () => [], adapter });
    expect(() => another.attach(createServer())).toThrow(TypeError);
    const client = b.connect('1/x');
    await client.next();
    a.gateway.evict({ session: 'x' }, 'logged_out');
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
  });
});

/**
 * Both nodes have said what nodes say when they begin to hear each other: after two rounds each has begun to say it, and the
 * third one is asked and answered behind that.
 */
async function untilMet(a: TestNode, b: TestNode): Promise<void> {
  const heard = ({ lines }: TestNode) => lines.filter(({ message }) => message === 'evicted for another node').length;
  for (let round = 1; round <= 3; round += 1) {
    for (const [from, to] of [[a, b] as const, [b, a] as const]) {
      from.gateway.evict({ session: 'nobody' }, 'logged_out');
      await expect.poll(() => heard(to), { interval: 10 }).toBe(round);
    }
  }
}

describe('what clients do', () => {
  it('costs no Redis command: neither joining, nor leaving, nor frames', async () => {
    const [a, b] = await startTwo();
    await untilMet(a, b);
    const channels = async () => (await redis.cli('PUBSUB', 'SHARDCHANNELS')).split('\n').sort();
    const before = await channels();
    const published: string[] = [];
    for (const client of [a, b].flatMap(({ commands, subscriber }) => [commands, subscriber])) {
      const send = client.sendCommand.bind(client);
      vi.spyOn(client, 'sendCommand').mockImplementation((command: Command) => {
        const isBeat = String(command.args[0]).includes(':beat:');
        if (/publish|pubsub/.test(command.name) && !isBeat) published.push(command.name);
        return send(command);
      });
    }
    const clients = [a, b, a, b].map((node, index) => node.connect(String(index)));
    for (const client of clients) await client.next();
    for (const [index, client] of clients.entries()) {
      await broker.append({ room: `parent:${index}`, keys: [['marker']] });
      expect((await client.next())[0]).toBe('invalidate');
    }
    clients[0]?.socket.disconnect();
    await expect.poll(() => a.gateway.sessions()).toHaveLength(1);
    expect(published).toEqual([]);
    expect(await channels()).toEqual(before);
    // It would have been seen.
    a.gateway.evict({ session: 'nobody' }, 'logged_out');
    await expect.poll(() => published).toContain('spublish');
  });
});
