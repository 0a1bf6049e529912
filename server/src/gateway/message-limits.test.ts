import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { MAX_CLIENT_FRAME_BYTES, MAX_EXTRA_ROOMS, type Room } from '@querycast/protocol';
import { afterEach, expect, test } from 'vitest';
import { createMemoryBroker } from '../broker/memory-broker.js';
import type { GatewayLimits } from './limits.js';
import { startOneNode } from './one-node.test.support.js';
import { closeStrangers, openStranger, saidAddress } from './stranger.test.support.js';

let node: Awaited<ReturnType<typeof startOneNode>>;
let strangers: ReturnType<typeof openStranger>[];
let opened: number;
/** The gateway's ends of all connections. */
let served: { readonly writableLength: number }[];

async function start(limits: Partial<GatewayLimits> = {}): Promise<void> {
  strangers = [];
  opened = 0;
  served = [];
  const store = createMemoryBroker();
  const broker: typeof store = {
    ...store,
    subscribe(room, listen) {
      if (room.startsWith('class:')) opened += 1;
      return store.subscribe(room, listen);
    },
  };
  const clientAddress = (request: IncomingMessage) => {
    served.push(request.socket);
    return saidAddress(request);
  };
  node = await startOneNode({ broker, limits, clientAddress, authorize: async () => true });
}

function open() {
  const stranger = openStranger(node.url);
  strangers.push(stranger);
  return stranger;
}

async function join(token: string) {
  const client = node.connect(token);
  expect(await client.next()).toMatchObject(['ready', {}]);
  return client;
}

/** The stranger is cut, and whoever else is here is not. */
async function expectCut(stranger: ReturnType<typeof openStranger>, client: Awaited<ReturnType<typeof join>>) {
  expect(await stranger.closed).toBeGreaterThan(0);
  // Beyond the window in which frames are gathered.
  node.timers.advance(100);
  await node.publish('parent:1', ['a']);
  expect(await client.next()).toMatchObject(['invalidate', { keys: [['a']] }]);
}

/** The gateway has seen all that the stranger sent. */
function isAnswered({ socket }: ReturnType<typeof openStranger>): Promise<void> {
  return new Promise((resolve) => {
    socket.on('pong', (data) => {
      if (String(data) === 'all') resolve();
    });
    socket.ping('all');
  });
}

const room = (each: number): Room => `class:${each}`;
const times = <T>(count: number, act: (each: number) => T) => Array.from({ length: count }, (_, each) => act(each));
const counted = (metric: string) => node.counts.filter(({ name }) => name === metric).map(({ labels }) => labels);

afterEach(async () => {
  await closeStrangers(strangers);
  await node.close();
});

test('a socket that sends too much is told so, others are not, and it may again later', async () => {
  await start({ messagesPerSocket: 4 });
  const [client, other] = [await join('1'), await join('2')];
  const answers = await Promise.all(times(6, (each) => client.unsubscribe(room(each))));
  expect(answers.map(({ ok, code }) => (ok ? 'ok' : code))).toEqual([
    ...Array(4).fill('ok'),
    ...Array(2).fill('rate_limited'),
  ]);
  expect(await client.renew('1')).toMatchObject({ ok: false, code: 'rate_limited' });
  expect(await other.unsubscribe('class:1')).toEqual({ ok: true });
  node.timers.advance(2_500);
  expect(await client.unsubscribe('class:1')).toEqual({ ok: true });
  expect(await client.subscribe('class:1')).toMatchObject({ ok: false, code: 'rate_limited' });
  node.timers.advance(10_000);
  expect(await client.subscribe('class:1')).toMatchObject({ ok: true });
  expect(counted('limits_reached_total')).toEqual(Array(4).fill({ limit: 'messagesPerSocket' }));
  expect(counted('client_messages_refused_total')).toEqual(Array(4).fill({ code: 'rate_limited' }));
});

test('a socket that goes on regardless is cut, with what it had sent too much undone and once counted', async () => {
  await start({ messagesPerSocket: 4 });
  const [client, other] = [await join('1'), await join('2')];
  for (let each = 0; each < 100; each += 1) client.socket.emit('unsubscribe', { room: room(each) }, () => {});
  const heard: unknown[] = [await client.next()];
  expect(heard).toEqual([['disconnect', expect.stringMatching('transport')]]);
  expect(await other.unsubscribe('class:1')).toEqual({ ok: true });
  expect(node.gateway.sessions().map(({ user }) => user)).toEqual(['2']);
  expect(counted('limits_reached_total').length).toBeLessThanOrEqual(4 + 1);
  expect(node.lines.filter(({ level, message }) => level === 'warn' && message === 'limit reached')).toHaveLength(1);
});

test('messages that cannot be answered, and events that nobody knows, count as any other', async () => {
  await start({ messagesPerSocket: 4 });
  const other = await join('1');
  for (const event of ['subscribe', 'nothing', '__proto__']) {
    const client = await join('2');
    for (let each = 0; each < 20; each += 1) client.socket.emit(event, {});
    expect(await client.next()).toMatchObject(['disconnect', expect.anything()]);
  }
  expect(await other.unsubscribe('class:1')).toEqual({ ok: true });
});

test('before it authenticates a connection may not even ping, nor try one namespace after the other', async () => {
  await start({ messagesPerSocket: 4 });
  const client = await join('1');
  const ponging = open();
  await ponging.next();
  times(20, () => ponging.send('3'));
  await expectCut(ponging, client);

  const trying = open();
  await trying.next();
  trying.send('40/elsewhere,{}');
  expect(await trying.next()).toMatch('Invalid namespace');
  trying.send('40/elsewhere,{}');
  await expectCut(trying, client);
  expect(counted('limits_reached_total')).toEqual([{ limit: 'messagesPerSocket' }, { limit: 'frameKind' }]);
});

test.each(['ping', 'pong'] as const)(
  'a %s of the WebSocket itself counts as any other frame, and one a second is none too many',
  async (kind) => {
    await start({ messagesPerSocket: 20 });
    const client = await join('1');
    const living = open();
    await living.connect('2');
    for (let second = 0; second < 60; second += 1) {
      node.timers.advance(1_000);
      living.socket[kind]();
      await isAnswered(living);
    }
    const [before, after] = [open(), open()];
    await before.next();
    await after.connect('3');
    for (const stranger of [before, after]) {
      times(200, () => stranger.socket[kind]());
      await expectCut(stranger, client);
    }
    expect(counted('limits_reached_total')).toEqual(Array(2).fill({ limit: 'messagesPerSocket' }));
    await isAnswered(living);
  },
);

test('who pings without reading the answers is cut as soon as they pile up, however often it may', async () => {
  await start({ messagesPerSocket: 1_000_000 });
  const client = await join('1');
  const stranger = open();
  await stranger.connect('2');
  stranger.socket.pause();
  let isCut = false;
  void stranger.closed.then(() => {
    isCut = true;
  });
  const largest = Buffer.alloc(125);
  // Beyond what the system takes for a client that does not read.
  for (let sent = 0; sent < 300_000 && !isCut; sent += 100) {
    times(100, () => stranger.socket.ping(largest));
    await setImmediate();
    expect(Math.max(...served.map(({ writableLength }) => writableLength))).toBeLessThan(1024 * 1024);
  }
  expect(counted('limits_reached_total')).toEqual([{ limit: 'unread' }]);
  expect(node.gateway.sessions().map(({ user }) => user)).toEqual(['1']);
  await expectCut(stranger, client);
});

test('a message before CONNECT, or for a namespace that was not joined, ends the connection', async () => {
  await start();
  const client = await join('1');
  for (const packet of ['420["subscribe",{"room":"class:1"}]', '42/elsewhere,["subscribe",{}]']) {
    const stranger = open();
    await stranger.next();
    stranger.send(packet);
    await expectCut(stranger, client);
  }
});

test('rooms that are joined and left all the time stop bothering the broker, and the session goes on', async () => {
  await start({ subscribesPerSocket: 8 });
  const client = await join('1');
  const codes: unknown[] = [];
  for (let each = 0; each < 20; each += 1) {
    const answer = await client.subscribe(room(each));
    codes.push(answer.ok ? 'ok' : answer.code);
    // Leaving is always possible: a client would otherwise be told of rooms that it has left.
    expect(await client.unsubscribe(room(each))).toEqual({ ok: true });
  }
  expect(codes).toEqual([...Array(8).fill('ok'), ...Array(12).fill('rate_limited')]);
  expect(opened).toBe(8);
  expect(counted('limits_reached_total')).toEqual(Array(12).fill({ limit: 'subscribesPerSocket' }));
  node.timers.advance(10_000);
  expect(await client.subscribe('class:1')).toMatchObject({ ok: true });
});

test('what a client does at its busiest is no limit: all its rooms, others instead, looking whether it is heard, a new token', async () => {
  await start();
  const client = await join('1');
  for (let page = 0; page < 3; page += 1) {
    const rooms = times(MAX_EXTRA_ROOMS, (each) => room(page * MAX_EXTRA_ROOMS + each));
    expect((await Promise.all(rooms.map(client.subscribe))).every(({ ok }) => ok)).toBe(true);
    await Promise.all(times(5, () => client.unsubscribe('querycast:probe')));
    expect((await Promise.all(rooms.map(client.unsubscribe))).every(({ ok }) => ok)).toBe(true);
  }
  expect(await client.renew('1')).toEqual({ ok: true });
  expect(counted('limits_reached_total')).toEqual([]);
});

test('a frame that is too large ends the connection, and an operator sees it', async () => {
  await start();
  const client = await join('1');
  const stranger = open();
  await stranger.connect('2');
  stranger.send(`42${JSON.stringify(['subscribe', { room: 'x'.repeat(MAX_CLIENT_FRAME_BYTES) }])}`);
  await expectCut(stranger, client);
  expect(await stranger.closed).toBe(1009);
  expect(counted('limits_reached_total')).toEqual([{ limit: 'frameBytes' }]);
  expect(node.lines).toContainEqual({
    level: 'warn',
    message: 'limit reached',
    fields: { limit: 'frameBytes', times: 1 },
  });
});

test.each([
  ['that waits for attachments', '451-["subscribe",{"_placeholder":true,"num":0}]'],
  ['that answers with attachments', '461-0[{"_placeholder":true,"num":0}]'],
  ['that is one', Buffer.from('4')],
  ['in base64', 'bAAAA'],
])('a binary frame %s ends the connection at once, before and after the handshake', async (_what, packet) => {
  await start();
  const client = await join('1');
  const [before, after] = [open(), open()];
  await before.next();
  await after.connect('2');
  for (const stranger of [before, after]) {
    stranger.send(packet);
    await expectCut(stranger, client);
  }
  expect(counted('limits_reached_total')).toEqual(Array(2).fill({ limit: 'frameKind' }));
});

test('nothing that follows what ended a connection is carried out', async () => {
  await start({ messagesPerSocket: 1 });
  const stranger = open();
  await stranger.connect('2');
  const socket = stranger.socket;
  // In one write, so that all has arrived when the first is read.
  (socket as unknown as { _socket: { cork(): void; uncork(): void } })._socket.cork();
  stranger.send('451-["x",{"_placeholder":true,"num":0}]');
  stranger.send('420["subscribe",{"room":"class:1"}]');
  (socket as unknown as { _socket: { cork(): void; uncork(): void } })._socket.uncork();
  await stranger.closed;
  await setImmediate();
  expect(opened).toBe(0);
});
