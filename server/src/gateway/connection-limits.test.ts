import { afterEach, expect, test, vi } from 'vitest';
import type { GatewayLimits } from './limits.js';
import { principalOf, startOneNode } from './one-node.test.support.js';
import { closeStrangers, openStranger, saidAddress } from './stranger.test.support.js';

let node: Awaited<ReturnType<typeof startOneNode>>;
let strangers: ReturnType<typeof openStranger>[];
let checked: string[];

async function start(limits: Partial<GatewayLimits>): Promise<void> {
  strangers = [];
  checked = [];
  const authenticate = async (token: string) => {
    checked.push(token);
    return principalOf(token);
  };
  node = await startOneNode({ limits, clientAddress: saidAddress, authenticate });
}

function open(from?: string, query?: string) {
  const stranger = openStranger(node.url, from, query);
  strangers.push(stranger);
  return stranger;
}

/** Connects somebody who keeps to the protocol, from an address of their own, and waits until they are in. */
async function neighbour(token = '1') {
  const client = node.connect(token);
  expect(await client.next()).toMatchObject(['ready', { rooms: [{ room: `parent:${token}` }] }]);
  return client;
}

const reached = () =>
  node.counts.filter(({ name }) => name === 'limits_reached_total').map(({ labels }) => labels['limit']);
const refused = () =>
  node.counts.filter(({ name }) => name === 'connections_refused_total').map(({ labels }) => labels['code']);

afterEach(async () => {
  await closeStrangers(strangers);
  await node.close();
});

test('who opens connections too fast is told before the token is looked at, and then gets 429', async () => {
  await start({ handshakesPerAddress: 2 });
  const codes = [];
  for (let each = 0; each < 4; each += 1) codes.push((await open().connect('7')).code);
  expect(codes).toEqual([undefined, undefined, 'rate_limited', 'rate_limited']);
  expect(checked).toEqual(['7', '7']);
  expect(await open().next()).toBe('status 429 10');
  expect(reached()).toEqual(Array(3).fill('handshakesPerAddress'));
  expect(refused()).toEqual(['rate_limited', 'rate_limited']);

  const client = await neighbour();
  node.timers.advance(10_000);
  expect(await open().connect('7')).toHaveProperty('sid');
  await node.publish('parent:1', ['a']);
  expect(await client.next()).toMatchObject(['invalidate', { keys: [['a']] }]);
});

test('who is told to come later is told when, and the connection ends', async () => {
  await start({ handshakesPerAddress: 1 });
  await open().connect('7');
  const late = open();
  const { code, retryAfterMs } = await late.connect('7');
  expect(code).toBe('rate_limited');
  expect(retryAfterMs).toBeGreaterThanOrEqual(1_000);
  expect(retryAfterMs).toBeLessThanOrEqual(10_000);
  expect(await late.next()).toMatch('closed');
});

test('an address that has too many connections is told, until one of them ends', async () => {
  await start({ connectionsPerAddress: 2 });
  const first = open();
  await first.connect('7');
  await open().connect('8');
  const late = open();
  expect(await late.connect('9')).toMatchObject({ code: 'too_many_connections', retryAfterMs: 10_000 });
  expect(await late.next()).toMatch('closed');
  expect(checked).not.toContain('9');
  await neighbour();
  await closeStrangers([first]);
  await vi.waitFor(async () => expect(await open().connect('9')).toHaveProperty('sid'));
  expect(new Set(reached())).toEqual(new Set(['connectionsPerAddress']));
  expect(new Set(refused())).toEqual(new Set(['too_many_connections']));
});

test('a user who has too many connections is told, wherever the newest comes from, and the older ones go on', async () => {
  await start({ connectionsPerUser: 2 });
  const first = await neighbour('7');
  await open('elsewhere').connect('7');
  expect(await open('somewhere').connect('7')).toMatchObject({ code: 'too_many_connections', retryAfterMs: 10_000 });
  await neighbour('8');
  await node.publish('parent:7', ['a']);
  expect(await first.next()).toMatchObject(['invalidate', { keys: [['a']] }]);
  expect(reached()).toEqual(['connectionsPerUser']);

  first.socket.disconnect();
  await vi.waitFor(async () => expect(await open('somewhere').connect('7')).toHaveProperty('sid'));
});

test('connections that were evicted count no more, those that are refused never did', async () => {
  await start({ connectionsPerUser: 1 });
  for (let each = 0; each < 5; each += 1) expect(await open().connect('bad')).toMatchObject({ code: 'token_invalid' });
  const client = await neighbour('7');
  node.gateway.evict({ user: '7' }, 'logged_out');
  expect(await client.next()).toMatchObject(['evicted', { code: 'logged_out' }]);
  // Whoever connects in the very moment of an eviction is evicted as well.
  node.timers.advance(1);
  await neighbour('7');
});

test('a client that does not even read takes no place of its user once its session is over, nor of its address once it is cut', async () => {
  await start({ connectionsPerUser: 1, pendingPerAddress: 1 });
  const evicted = open('elsewhere');
  await evicted.connect('7');
  evicted.socket.pause();
  node.gateway.evict({ user: '7' }, 'logged_out');
  node.timers.advance(1);
  await neighbour('7');

  const hostile = open();
  await hostile.next();
  hostile.socket.pause();
  hostile.send(Buffer.from('4'));
  await vi.waitFor(async () => expect(await open().connect('8')).toHaveProperty('sid'));
});

test('connections that say nothing keep out their own address alone, and are cut and counted when their time is over', async () => {
  await start({ pendingPerAddress: 2, handshakeTimeoutMs: 5_000 });
  const silent = [open(), open()];
  for (const each of silent) expect(await each.next()).toMatch(/^0/);
  expect(await open().next()).toBe('status 429 10');
  await neighbour();
  node.timers.advance(4_999);
  expect(await open().next()).toBe('status 429 10');
  node.timers.advance(1);
  for (const each of silent) expect(await each.next()).toBe('closed 1006');
  await vi.waitFor(async () => expect(await open().connect('7')).toHaveProperty('sid'));
  expect(reached().filter((limit) => limit === 'handshakeTimeoutMs')).toHaveLength(2);
  expect(reached().filter((limit) => limit === 'pendingPerAddress').length).toBeGreaterThanOrEqual(2);
});

test('a token that is being checked keeps its connection pending, and one whose check takes too long is cut', async () => {
  await start({ pendingPerAddress: 1, handshakeTimeoutMs: 5_000 });
  const { reached: asked, letGo } = node.hold('7');
  const slow = open();
  await slow.next();
  slow.send('40{"token":"7","protocol":1}');
  await asked;
  expect(await open().next()).toBe('status 429 10');
  node.timers.advance(5_000);
  expect(await slow.next()).toBe('closed 1006');
  letGo();
  await neighbour();
  expect(node.gateway.sessions().map(({ user }) => user)).toEqual(['1']);
});

test('a session takes no connection on the side: neither as another transport nor as a request that is never answered', async () => {
  await start({});
  const own = open();
  const { sid } = JSON.parse((await own.next()).slice(1));
  expect(await open('stranger', `&sid=${sid}`).next()).toBe('status 400');
  expect((await fetch(`${node.url}/socket.io/?EIO=4&transport=websocket&sid=${sid}`)).status).toBe(400);
});

test.each(['%73id', 's%69d', 'si%64', '%73%69%64'])('nor under the name %s, which means the same', async (name) => {
  await start({ handshakeTimeoutMs: 5_000 });
  const own = open();
  const { sid } = JSON.parse((await own.next()).slice(1));
  const second = open('stranger', `&${name}=${sid}`);
  // Of an upgrade only the second question is answered.
  second.socket.on('open', () => second.send('2probe'));
  expect(await second.next()).toBe('status 400');
  expect((await fetch(`${node.url}/socket.io/?EIO=4&transport=websocket&${name}=${sid}`)).status).toBe(400);
  node.timers.advance(5_000);
  expect(await own.next()).toBe('closed 1006');
  expect(reached()).toEqual(['handshakeTimeoutMs']);
});

test('what is logged of limits is rare, and names no address', async () => {
  await start({ handshakesPerAddress: 1, connectionsPerUser: 1 });
  const from = '203.0.113.77';
  await open(from).connect('7');
  for (let each = 0; each < 3; each += 1) await open(from).next();
  await open('198.51.100.9').connect('7');
  const warned = node.lines.filter(({ level, message }) => level === 'warn' && message === 'limit reached');
  expect(warned.map(({ fields }) => fields)).toEqual([
    { limit: 'handshakesPerAddress', times: 1 },
    { limit: 'connectionsPerUser', user: '7', times: 1 },
  ]);
  expect(JSON.stringify([node.lines, node.counts])).not.toMatch(/203\.0|198\.51/);
});
