import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import type { Position, QueryKey, Ready, Room, SubscribeAck } from '@querycast/protocol';
import { io, Manager, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthenticationError, type Principal } from '../auth/authenticate.js';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { createMemoryBroker } from '../broker/memory-broker.js';
import type { LogFields } from '../observability/logger.js';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.js';

/** Tokens of these tests: `<user>`, `<user>/<log-in>`, or one of the words below. */
async function authenticate(token: string): Promise<Principal> {
  if (token === 'expired') throw new AuthenticationError('token_expired', 'the token has expired');
  if (token === 'broken-key-store') throw new Error('no key store');
  const [id, session] = token.split('/');
  if (!id || id === 'bad') throw new AuthenticationError('token_invalid', 'the token is not valid');
  return { id, claims: {}, ...(session === undefined ? {} : { session }) };
}

let http: HttpServer;
let broker: Broker;
let gateway: Gateway;
let url: string;
const clients: Socket[] = [];
const logLines: { fields: LogFields; message: string }[] = [];
const log = (fields: LogFields, message: string) => void logLines.push({ fields, message });

async function start(options: Partial<GatewayOptions> = {}): Promise<void> {
  http = createServer();
  broker = options.broker ?? createMemoryBroker();
  gateway = createGateway({
    broker,
    authenticate,
    roomsOf: ({ id }) => [`parent:${id}`],
    logger: { debug: log, info: log, warn: log, error: log },
    ...options,
  }).attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** What these tests read of any message. */
type Message = Pick<Ready, 'rooms'> & { code: string };

/** A client with a queue of everything it received: tests wait for messages, never for time. */
function connect(auth: Record<string, unknown>, extra: Record<string, string> = {}) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth, extraHeaders: extra });
  clients.push(socket);
  const received: [string, unknown][] = [];
  const waiting: (() => void)[] = [];
  const push = (event: string, message: unknown) => {
    received.push([event, message]);
    for (const wake of waiting.splice(0)) wake();
  };
  socket.onAny(push);
  socket.on('connect_error', (error) => push('connect_error', (error as { data?: unknown }).data));
  socket.on('disconnect', (reason) => push('disconnect', reason));
  return {
    socket,
    received,
    async next(): Promise<[string, Message]> {
      while (received.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return received.shift() as [string, Message];
    },
    subscribe: (message: unknown) => socket.emitWithAck('subscribe', message) as Promise<SubscribeAck>,
    unsubscribe: (message: unknown) => socket.emitWithAck('unsubscribe', message),
  };
}

/** A promise and its key. */
function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const hello = (token: string, positions?: Record<string, Position>) => ({ token, protocol: 1, positions });
const publish = (room: Room, ...keys: QueryKey[]) => broker.append({ room, keys });

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await gateway.close();
  await broker.close();
  await new Promise((resolve) => http.close(resolve));
  logLines.length = 0;
});

describe('connecting', () => {
  beforeEach(() => start());

  it('answers ready with the rows of the principal and then pushes exactly its frames', async () => {
    const olga = connect(hello('1'));
    const ivan = connect(hello('2'));
    const [event, ready] = await olga.next();
    expect(event).toBe('ready');
    expect(ready).toMatchObject({ protocol: 1, live: true, rooms: [{ room: 'parent:1', status: 'fresh', keys: [] }] });
    await ivan.next();
    const { position } = await publish('parent:1', ['parent-dashboard'], ['parent-child-subjects', 7]);
    expect(await olga.next()).toEqual([
      'invalidate',
      {
        room: 'parent:1',
        prev: ready.rooms[0]?.position as Position,
        position,
        keys: [['parent-dashboard'], ['parent-child-subjects', 7]],
        at: expect.any(Number),
      },
    ]);
    await publish('parent:2', ['marker']);
    expect(await ivan.next()).toMatchObject(['invalidate', { room: 'parent:2', keys: [['marker']] }]);
  });

  it('recovers exactly what was missed since the position', async () => {
    const first = connect(hello('1'));
    const [, ready] = await first.next();
    first.socket.disconnect();
    await publish('parent:1', ['a']);
    await publish('parent:1', ['b', 2]);
    const again = connect(hello('1', { 'parent:1': ready.rooms[0]?.position as Position }));
    const [, row] = await again.next();
    expect(row.rooms).toMatchObject([{ status: 'recovered' }]);
    expect(new Set(row.rooms[0]?.keys.map(String))).toEqual(new Set(['a', 'b,2']));
  });

  it('says resync for a position of another life of the log', async () => {
    const client = connect(hello('1', { 'parent:1': 'gone:7' }));
    expect(await client.next()).toMatchObject(['ready', { rooms: [{ status: 'resync', keys: [] }] }]);
  });

  it.each([
    ['no handshake at all', {}, 'token_invalid'],
    ['no token', { protocol: 1 }, 'token_invalid'],
    ['a bad token', hello('bad'), 'token_invalid'],
    ['an expired token', hello('expired'), 'token_expired'],
    ['another protocol', { token: '1', protocol: 2 }, 'protocol_unsupported'],
    ['no protocol', { token: '1' }, 'protocol_unsupported'],
    ['a token nobody can check now', hello('broken-key-store'), 'overloaded'],
  ])('refuses %s', async (_, auth, code) => {
    const [event, data] = await connect(auth).next();
    expect([event, data.code]).toEqual(['connect_error', code]);
    expect(logLines).toContainEqual({ fields: expect.objectContaining({ code }), message: 'connection refused' });
    expect(JSON.stringify(logLines)).not.toContain('"bad"');
  });

  it('refuses a page of a foreign origin and takes one of its own', async () => {
    const [, refusal] = await connect(hello('1'), { origin: 'https://evil.example' }).next();
    expect(refusal.code).toBe('origin_refused');
    expect((await connect(hello('1'), { origin: url }).next())[0]).toBe('ready');
  });
});

describe('further rooms', () => {
  beforeEach(() => start({ authorize: ({ id }, room) => room === `class:${id}` }));

  it('are joined when authorised, with a row, and left on request', async () => {
    const client = connect(hello('1'));
    await client.next();
    expect(await client.subscribe({ room: 'class:1' })).toMatchObject({ ok: true, room: 'class:1', status: 'fresh' });
    await publish('class:1', ['lesson']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'class:1' }]);
    expect(await client.unsubscribe({ room: 'class:1' })).toEqual({ ok: true });
    await publish('class:1', ['lesson']);
    await publish('parent:1', ['marker']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'parent:1' }]);
  });

  it('are refused without the right, and that is logged', async () => {
    const client = connect(hello('1'));
    await client.next();
    expect(await client.subscribe({ room: 'parent:2' })).toMatchObject({ ok: false, code: 'forbidden' });
    expect(logLines).toContainEqual({
      fields: expect.objectContaining({ code: 'forbidden', user: '1' }),
      message: 'client message refused',
    });
    await publish('parent:2', ['secret']);
    await publish('parent:1', ['marker']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'parent:1' }]);
  });

  it('re-read the log for a member that found a gap', async () => {
    const client = connect(hello('1'));
    const [, ready] = await client.next();
    await publish('parent:1', ['a']);
    await client.next();
    const ack = await client.subscribe({ room: 'parent:1', position: ready.rooms[0]?.position as Position });
    expect(ack).toMatchObject({ ok: true, status: 'recovered', keys: [['a']] });
    await publish('parent:1', ['b']);
    expect(await client.next()).toMatchObject(['invalidate', { keys: [['b']] }]);
  });

  it('are to be asked for again when the right could not be checked: nobody has said no', async () => {
    let isDown = true;
    await gateway.close();
    await new Promise((resolve) => http.close(resolve));
    await start({
      authorize: () => {
        if (isDown) throw new Error('the database is away');
        return true;
      },
    });
    const client = connect(hello('1'));
    await client.next();
    expect(await client.subscribe({ room: 'class:1' })).toMatchObject({ ok: false, code: 'rate_limited' });
    isDown = false;
    expect(await client.subscribe({ room: 'class:1' })).toMatchObject({ ok: true, room: 'class:1' });
  });

  it('are not joined when the client left while its right was being checked', async () => {
    const right = deferred();
    await gateway.close();
    await new Promise((resolve) => http.close(resolve));
    await start({ authorize: () => right.promise.then(() => true) });
    const client = connect(hello('1'));
    await client.next();
    const joining = client.subscribe({ room: 'class:1' });
    expect(await client.subscribe({ room: 'class:1' })).toMatchObject({ ok: false, code: 'rate_limited' });
    expect(await client.unsubscribe({ room: 'class:1' })).toEqual({ ok: true });
    right.resolve();
    expect(await joining).toMatchObject({ ok: false, code: 'bad_request' });
    await publish('class:1', ['lesson']);
    await publish('parent:1', ['marker']);
    expect(await client.next()).toMatchObject(['invalidate', { room: 'parent:1' }]);
  });

  it('are not quoted in answers or logs when a message is rubbish', async () => {
    const client = connect(hello('1'));
    await client.next();
    const answer = await client.subscribe({ room: 'class:1', 'pass word': 1 });
    expect(answer).toMatchObject({ ok: false, code: 'bad_request' });
    expect(JSON.stringify([answer, logLines])).not.toContain('pass word');
  });

  it.each([[undefined], [7], [{}], [{ room: 'nonsense' }], [{ room: 'class:1', position: 'x' }]])(
    'answer rubbish (%j) with bad_request and go on',
    async (rubbish) => {
      const client = connect(hello('1'));
      await client.next();
      expect(await client.subscribe(rubbish)).toMatchObject({ ok: false, code: 'bad_request' });
      client.socket.emit('subscribe', { room: 'class:1' });
      client.socket.emit('no-such-event', { a: 1 });
      expect(await client.subscribe({ room: 'class:1' })).toMatchObject({ ok: true });
    },
  );
});

describe('the end of a session', () => {
  beforeEach(() => start());

  it('by eviction reaches that log-in only, says why, and closes the socket', async () => {
    const evicted = connect(hello('1/login-a'));
    const other = connect(hello('1/login-b'));
    await evicted.next();
    await other.next();
    expect(gateway.evict({ session: 'login-a' }, 'logged_out')).toBe(1);
    expect(await evicted.next()).toEqual(['evicted', { code: 'logged_out' }]);
    expect((await evicted.next())[0]).toBe('disconnect');
    await publish('parent:1', ['marker']);
    expect((await other.next())[0]).toBe('invalidate');
    expect(gateway.sessions()).toMatchObject([{ user: '1', login: 'login-b', rooms: ['parent:1'] }]);
  });

  it('by drain announces it, cuts everyone and takes nobody new', async () => {
    const client = connect(hello('1'));
    await client.next();
    const drained = gateway.drain(20);
    expect(gateway.isReady()).toBe(false);
    expect(await client.next()).toEqual(['drain', { withinMs: 20 }]);
    expect((await client.next())[0]).toBe('disconnect');
    await drained;
    // No answer at all, on which a load balancer tries another node.
    expect(await connect(hello('1')).next()).toEqual(['connect_error', undefined]);
  });
});

describe('an eviction', () => {
  it('is told to whoever asked for it, and a listener that throws changes nothing', async () => {
    const evicted = vi.fn();
    await start({ evicted });
    expect(gateway.evict({ session: 'nobody here' }, 'logged_out')).toBe(0);
    expect(evicted.mock.calls).toEqual([[{ session: 'nobody here' }, 0]]);
    evicted.mockImplementationOnce(() => {
      throw new Error('of the application');
    });
    gateway.evict({ session: 'nobody here' }, 'logged_out');
    evicted.mockRejectedValue(new Error('of the application, later'));
    const client = connect(hello('1/login-a'));
    await client.next();
    expect(gateway.evict({ user: '1' }, 'deactivated')).toBe(1);
    expect(await client.next()).toEqual(['evicted', { code: 'deactivated' }]);
  });
});

describe('closing', () => {
  beforeEach(() => start());

  it('does not wait for a client that went mute, and leaves the HTTP server to its owner', async () => {
    const { port } = http.address() as AddressInfo;
    const mute = connectTcp(port, '127.0.0.1');
    mute.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
    );
    await new Promise<void>((resolve) => mute.once('data', () => resolve()));
    const gone = new Promise<void>((resolve) => mute.once('close', () => resolve()));
    await gateway.close();
    await gone;
    expect(http.listening).toBe(true);
  }, 5_000);

  it('ends a drain under way', async () => {
    await connect(hello('1')).next();
    await connect(hello('2')).next();
    const drained = gateway.drain(600_000);
    await gateway.close();
    await drained;
  });
});

describe('one connection', () => {
  it('is one session, however many a client asks for while its token is checked', async () => {
    const gate = deferred();
    let checks = 0;
    await start({
      authenticate: async (token) => {
        checks += 1;
        await gate.promise;
        return authenticate(token);
      },
    });
    const manager = new Manager(url, { transports: ['websocket'], reconnection: false, autoConnect: false });
    await new Promise<void>((resolve) => manager.open(() => resolve()));
    const closed = new Promise<void>((resolve) => manager.engine.once('close', () => resolve()));
    for (let index = 0; index < 20; index += 1) manager.engine.send(`0${JSON.stringify(hello('1'))}`);
    await closed;
    expect(checks).toBe(1);
    gate.resolve();
    await connect(hello('2')).next();
    expect(gateway.sessions()).toMatchObject([{ user: '2' }]);
  }, 5_000);
});

describe('the end of a token', () => {
  it('cuts the transport, so that the client comes back with a new one', async () => {
    await start({ authenticate: async (id) => ({ id, claims: {}, expiresAt: Date.now() + 50 }) });
    const client = connect(hello('1'));
    await client.next();
    expect((await client.next())[0]).toBe('expiring');
    expect(await client.next()).toEqual(['disconnect', 'transport close']);
  });
});

describe('a drain during the connection', () => {
  it('is not missed: whoever was being checked is sent elsewhere', async () => {
    const [gate, reached] = [deferred(), deferred()];
    await start({
      authenticate: async (token) => {
        reached.resolve();
        await gate.promise;
        return authenticate(token);
      },
    });
    const client = connect(hello('1'));
    await reached.promise;
    await gateway.drain();
    gate.resolve();
    expect(await client.next()).toMatchObject(['connect_error', { code: 'overloaded', retryAfterMs: 0 }]);
    expect(gateway.sessions()).toEqual([]);
  });
});

describe('an eviction during the connection', () => {
  it('is not missed: the join that races it loses', async () => {
    const gate = deferred();
    const reached = deferred();
    await start({
      authenticate: async (token) => {
        const principal = await authenticate(token);
        reached.resolve();
        await gate.promise;
        return principal;
      },
    });
    const client = connect(hello('1/login-a'));
    await reached.promise;
    gateway.evict({ session: 'login-a' }, 'logged_out');
    gate.resolve();
    expect(await client.next()).toEqual(['evicted', { code: 'logged_out' }]);
  });
});

describe('a broker that is away', () => {
  it('delays rows, not connections: ready says so, joined follows, frames flow again', async () => {
    const real = createMemoryBroker();
    let isAway = true;
    const listeners = new Set<(live: boolean) => void>();
    const whenHere = <T>(act: () => Promise<T>) => (isAway ? Promise.reject(new BrokerUnavailableError()) : act());
    await start({
      broker: {
        append: (append) => whenHere(() => real.append(append)),
        read: (room, since) => whenHere(() => real.read(room, since)),
        subscribe: (room, deliver) => whenHere(() => real.subscribe(room, deliver)),
        onLive(listen) {
          listeners.add(listen);
          listen(!isAway);
          return () => listeners.delete(listen);
        },
        close: () => real.close(),
      },
    });
    const client = connect(hello('1'));
    expect(await client.next()).toMatchObject(['ready', { live: false, rooms: [] }]);
    isAway = false;
    for (const listen of listeners) listen(true);
    const rest = [await client.next(), await client.next()];
    expect(Object.fromEntries(rest)).toMatchObject({
      status: { live: true },
      joined: { rooms: [{ room: 'parent:1', status: 'fresh' }] },
    });
    await publish('parent:1', ['a']);
    expect(await client.next()).toMatchObject(['invalidate', { keys: [['a']] }]);
  });
});
