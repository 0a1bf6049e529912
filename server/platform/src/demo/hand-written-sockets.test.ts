import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Authenticate, AuthenticationError, type Principal, type Recheck, silentLogger } from '@querycast/server';
import { io } from 'socket.io-client';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createQueue } from '../testing/live-socket.js';
import { attachHandWritten } from './hand-written.js';

const TEN_MINUTES_MS = 600_000;

/** The comparison alone. Tokens are `<user>/<session>`; each check waits for those that the test holds. */
async function setUp(maxSockets?: number) {
  const held = { by: Promise.resolve() };
  const over = new Set<string>();
  const now = { ms: 0 };
  const authenticate = vi.fn<Authenticate>(async (token): Promise<Principal> => {
    const isOver = over.has(token);
    await held.by;
    const [id = '', session = ''] = token.split('/');
    if (isOver) throw new AuthenticationError('token_invalid', 'the session of this token is over');
    return { id, session, expiresAt: TEN_MINUTES_MS, claims: { role: 'parent' } };
  });
  const recheck: Recheck = async (principal) => {
    if (principal.session === 'unknown') throw new Error('the database is away');
    return over.has(`${principal.id}/${principal.session}`) ? 'logged_out' : principal;
  };
  const server = createServer();
  const people = { has: () => true, rooms: new Set([]) };
  const handWritten = attachHandWritten(server, {
    authenticate,
    recheck,
    people,
    clock: () => now.ms,
    logger: silentLogger,
    ...(maxSockets && { maxSockets }),
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    handWritten.close();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** A client that comes back by itself, and what happens to it. */
  function connect(token: string, watch?: 'trail') {
    const socket = io(url, {
      path: '/demo/hand-written',
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 10,
      reconnectionDelayMax: 20,
      auth: { token, ...(watch && { watch }) },
    });
    const events = createQueue<string>();
    socket.on('connect', () => events.push('connect'));
    socket.on('disconnect', (reason) => events.push(reason));
    socket.on('connect_error', ({ message }) => events.push(message));
    onTestFinished(() => void socket.close());
    return { socket, events };
  }

  /** Holds every check from here on; answers how they go on. */
  function hold(): () => void {
    let goOn = () => {};
    held.by = new Promise((resolve) => {
      goOn = resolve;
    });
    return goOn;
  }

  return { url, handWritten, authenticate, over, now, connect, hold };
}

test('a socket whose token is being checked when the outage begins does not survive it, and comes back by itself', async () => {
  const { handWritten, authenticate, connect, hold } = await setUp();
  const goOn = hold();
  const pane = connect('1/a');
  const closed = new Promise((resolve) => pane.socket.io.once('close', resolve));
  const trail = connect('1/b', 'trail');
  await vi.waitFor(() => expect(authenticate).toHaveBeenCalledTimes(2));
  handWritten.setAway(true);
  goOn();
  expect(await trail.events.next()).toBe('connect');
  await closed;
  expect(pane.socket.connected).toBe(false);
  handWritten.setAway(false);
  await vi.waitFor(() => expect(pane.socket.connected).toBe(true));
});

test('of evicted log-ins and people no socket is left, neither of a pane nor of the trail', async () => {
  const { handWritten, over, connect } = await setUp();
  const all = [connect('1/a'), connect('1/a', 'trail'), connect('1/b'), connect('2/c')];
  for (const { events } of all) expect(await events.next()).toBe('connect');
  over.add('1/a');
  handWritten.evict({ session: 'a' }, 0);
  for (const { events } of all.slice(0, 2)) {
    expect([await events.next(), await events.next()]).toEqual([
      'transport close',
      'the session of this token is over',
    ]);
  }
  over.add('2/c');
  handWritten.evict({ user: '2' }, 0);
  expect(await all[3]?.events.next()).toBe('transport close');
  expect(all.map(({ socket }) => socket.connected)).toEqual([false, false, true, false]);
});

test('a socket whose token was checked before the eviction, but which was not there yet, is checked anew', async () => {
  const { handWritten, authenticate, over, connect, hold } = await setUp();
  const goOn = hold();
  const { events } = connect('1/a');
  await vi.waitFor(() => expect(authenticate).toHaveBeenCalledTimes(1));
  over.add('1/a');
  handWritten.evict({ session: 'a' }, 0);
  goOn();
  await vi.waitFor(async () => expect(await events.next()).toBe('the session of this token is over'));
  expect(authenticate).toHaveBeenCalledTimes(2);
});

test('of those who are looked at again go whose rights have ended, and of whom nothing is known', async () => {
  const { handWritten, over, connect } = await setUp();
  const all = [connect('1/a'), connect('1/b'), connect('2/c'), connect('2/unknown')];
  for (const { events } of all) expect(await events.next()).toBe('connect');
  for (const token of ['1/a', '1/b', '2/c']) over.add(token);
  handWritten.recheck({ session: 'a' });
  expect(await all[0]?.events.next()).toBe('transport close');
  handWritten.recheck({ user: '1' });
  expect(await all[1]?.events.next()).toBe('transport close');
  expect(all.slice(2).map(({ socket }) => socket.connected)).toEqual([true, true]);
  handWritten.recheck();
  expect(await all[2]?.events.next()).toBe('transport close');
  // Who may go on is back at once.
  expect([await all[3]?.events.next(), await all[3]?.events.next()]).toEqual(['transport close', 'connect']);
});

test('a socket whose token was checked before others were looked at again is checked anew', async () => {
  const { handWritten, authenticate, over, connect, hold } = await setUp();
  const goOn = hold();
  const { events } = connect('1/a');
  await vi.waitFor(() => expect(authenticate).toHaveBeenCalledTimes(1));
  over.add('1/a');
  handWritten.recheck({ session: 'a' });
  goOn();
  await vi.waitFor(async () => expect(await events.next()).toBe('the session of this token is over'));
  expect(authenticate).toHaveBeenCalledTimes(2);
});

test('an eviction of long ago, told again, spares whoever came since', async () => {
  const { handWritten, authenticate, connect, hold } = await setUp();
  const { socket, events } = connect('1/a');
  expect(await events.next()).toBe('connect');
  const goOn = hold();
  const later = connect('1/a');
  await vi.waitFor(() => expect(authenticate).toHaveBeenCalledTimes(2));
  handWritten.evict({ user: '1' }, TEN_MINUTES_MS);
  goOn();
  expect(await later.events.next()).toBe('connect');
  expect([socket.connected, authenticate.mock.calls.length]).toEqual([true, 2]);
});

test('a socket ends with its token, and whoever has a new one is back at once', async () => {
  const { now, connect } = await setUp();
  now.ms = TEN_MINUTES_MS - 50;
  const { socket, events } = connect('1/a');
  expect(await events.next()).toBe('connect');
  now.ms = 0;
  expect(await events.next()).toBe('transport close');
  expect(await events.next()).toBe('connect');
  expect(socket.connected).toBe(true);
});

test('no more sockets than its limit are there at once, authenticated or not, and who is kept out comes back by itself', async () => {
  const { connect, hold } = await setUp(2);
  const goOn = hold();
  const [first, second] = [connect('1/a'), connect('1/b', 'trail')];
  await vi.waitFor(() =>
    expect([first, second].map(({ socket }) => socket.io.engine?.readyState)).toEqual(['open', 'open']),
  );
  const third = connect('2/c');
  expect(await third.events.next()).toBe('websocket error');
  goOn();
  expect(await first.events.next()).toBe('connect');
  expect(await second.events.next()).toBe('connect');
  expect(third.socket.connected).toBe(false);
  first.socket.disconnect();
  await vi.waitFor(() => expect(third.socket.connected).toBe(true));
});

test.each(['sid', '%73id'])(
  'no socket has a second connection by its %s: nobody would count that one',
  async (name) => {
    const { url, connect } = await setUp();
    const { socket, events } = connect('1/a');
    expect(await events.next()).toBe('connect');
    const second = request(
      `${url}/demo/hand-written/?EIO=4&transport=websocket&${name}=${socket.io.engine.id}`,
      // The example of RFC 6455.
      {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
      },
    );
    onTestFinished(() => void second.destroy());
    const status = new Promise((resolve) => {
      for (const event of ['upgrade', 'response']) second.on(event, ({ statusCode }) => resolve(statusCode));
    });
    second.end();
    expect(await status).toBe(400);
  },
);
