import { randomBytes } from 'node:crypto';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createMemoryBroker, type MemoryBroker } from '../broker/memory-broker.js';
import { deferred } from './one-node.test.support.js';
import { principalOf, startNode, type TestNode, untilConnected } from './two-nodes.test.support.js';

let redis: RedisServer;
let broker: MemoryBroker;
let nodes: TestNode[];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

beforeEach(() => {
  broker = createMemoryBroker();
  nodes = [];
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await broker.close();
});

/** Two nodes; `check` takes its time with the token `1/new` on the second one. */
async function startTwo(check: Promise<void>, reached: () => void): Promise<[TestNode, TestNode]> {
  const prefix = `qc-${randomBytes(6).toString('hex')}:`;
  const authenticate = async (token: string) => {
    if (token === '1/new') {
      reached();
      await check;
    }
    return principalOf(token);
  };
  const pair: [TestNode, TestNode] = [
    await startNode({ redis, prefix, broker }),
    await startNode({ redis, prefix, broker, authenticate }),
  ];
  nodes.push(...pair);
  await untilConnected(redis, prefix, 2);
  return pair;
}

it.each([
  ['the old log-in', { session: 'old' }],
  ['the new log-in', { session: 'new' }],
  ['the user', { user: '1' }],
])('an eviction of %s on one node beats a renewal that another one is checking', async (_, target) => {
  const [check, reached] = [deferred(), deferred()];
  const [a, b] = await startTwo(check.promise, reached.resolve);
  const client = b.connect('1/old');
  await client.next();
  client.socket.emit('renew', { token: '1/new' }, () => {});
  await reached.promise;
  a.gateway.evict(target, 'logged_out');
  await b.logged('evicted for another node');
  check.resolve();
  expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
  expect((await client.next())[0]).toBe('disconnect');
  expect(b.gateway.sessions()).toEqual([]);
});

it('an eviction on one node finds the sessions of another by the log-in that they were renewed for', async () => {
  const check = deferred();
  check.resolve();
  const [a, b] = await startTwo(check.promise, () => {});
  const client = b.connect('1/old');
  await client.next();
  expect(await client.socket.emitWithAck('renew', { token: '1/new' })).toEqual({ ok: true });
  a.gateway.evict({ session: 'old' }, 'logged_out');
  await b.logged('evicted for another node');
  await broker.append({ room: 'parent:1', keys: [['marker']] });
  expect((await client.next())[0]).toBe('invalidate');
  a.gateway.evict({ session: 'new' }, 'logged_out');
  expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
});
