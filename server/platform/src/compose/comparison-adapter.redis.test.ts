import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { redisCommands, redisSubscriber } from '@querycast/server/redis';
import { type RedisServer, startRedis } from '@querycast/test-servers';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueue } from '../testing/live-socket.js';
import { comparisonAdapter } from './comparison-adapter.js';

const FROM_A_NODE = { uid: 'another', nsp: '/' };
const TO_ALL = { rooms: [], except: [], flags: {} };

const TRAIL = {
  travels: [
    {
      changes: [{ source: 'study_plans', operation: 'insert', row: { id: 7 } }],
      rooms: [{ room: 'parent:1', keys: [['parent-dashboard']] }],
      publishedAfterMs: 3.5,
      ageMs: 4,
    },
  ],
  more: 2,
};

/** What whoever can publish to Redis might send: none of it is what the comparison says to itself. */
const RUBBISH: readonly unknown[] = [
  null,
  7,
  {},
  { ...FROM_A_NODE, type: 3 },
  { ...FROM_A_NODE, type: 3, data: { opts: TO_ALL, packet: { type: 2, data: ['another-event'] } } },
  { ...FROM_A_NODE, type: 3, data: { opts: TO_ALL, packet: { type: 1, data: ['subject-changed'] } } },
  { ...FROM_A_NODE, type: 3, data: { opts: { rooms: 1 }, packet: { type: 2, data: ['subject-changed'] } } },
  { ...FROM_A_NODE, type: 3, data: { requestId: 'x', opts: TO_ALL, packet: { type: 2, data: ['subject-changed'] } } },
  { ...FROM_A_NODE, type: 3, data: { opts: TO_ALL, packet: { type: 2, data: ['travelled'] } } },
  {
    ...FROM_A_NODE,
    type: 3,
    data: { opts: TO_ALL, packet: { type: 2, data: ['travelled', { travels: [{}], more: 0 }] } },
  },
  { ...FROM_A_NODE, type: 4, data: {} },
  { ...FROM_A_NODE, type: 6, data: { opts: TO_ALL, close: true } },
  { ...FROM_A_NODE, type: 7, data: {} },
  { ...FROM_A_NODE, type: 9, data: {} },
  { ...FROM_A_NODE, type: 8, data: { requestId: 'x' } },
];

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

/** The comparison on one node, whose sockets are all in one room; and one socket's events. */
async function startNode() {
  const [commands, subscriber] = [redisCommands({ url: redis.url }), redisSubscriber({ url: redis.url })];
  await vi.waitFor(() => expect(commands.status).toBe('ready'));
  const refused = vi.fn();
  const logger = { debug() {}, info() {}, warn: refused, error() {} };
  const http = createServer();
  const adapter = comparisonAdapter({ commands, subscriber, logger });
  const server = new Server(http, { adapter, transports: ['websocket'] });
  server.on('connection', (socket) => void socket.join('parent:1'));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const socket = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: ['websocket'] });
  const events = createQueue<unknown[]>();
  socket.onAny((...event) => events.push(event));
  await new Promise<void>((resolve) => socket.on('connect', resolve));
  closers.push(async () => {
    socket.close();
    await server.close();
    for (const client of [commands, subscriber]) client.disconnect();
  });
  return { server, events, socket, refused };
}

/** The channels that this many nodes listen on: a shared one, and one for answers to each. */
function channelsOf(nodes: number): Promise<string[]> {
  return vi.waitFor(async () => {
    const channels = (await redis.cli('PUBSUB', 'SHARDCHANNELS')).split('\n').filter((channel) => channel !== '');
    expect(channels).toHaveLength(1 + nodes);
    return channels;
  });
}

test('rubbish on the channels of the comparison ends no node, reaches no socket, and is told in the log', async () => {
  const [a, b] = [await startNode(), await startNode()];
  for (const channel of await channelsOf(2)) {
    const messages = [...RUBBISH.map((message) => JSON.stringify(message)), '{', 'rubbish', '\u0093\u00a0'];
    for (const message of messages) await redis.cli('SPUBLISH', channel, message);
  }
  b.server.to('parent:1').emit('subject-changed');
  expect(await a.events.next()).toEqual(['subject-changed']);
  b.server.to('parent:1').emit('travelled', TRAIL);
  expect(await a.events.next()).toEqual(['travelled', TRAIL]);
  expect(a.socket.connected).toBe(true);
  expect(a.refused).toHaveBeenCalledTimes(2 * (RUBBISH.length + 3));
});

test('the channels are under the prefix that access rules are about', async () => {
  await startNode();
  for (const channel of await channelsOf(1)) expect(channel).toMatch(/^qc:/);
});
