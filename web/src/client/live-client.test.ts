import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { row, settle, setUp } from './live-client.test.support.js';
import type { LiveTransport, TransportHandlers } from './transport.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('connecting', () => {
  it('sends the token and the protocol, and is live once the rows are applied', async () => {
    const { client, wire, accept } = setUp();
    expect(client.status().state).toBe('connecting');
    expect(await wire().auth).toEqual({ token: 'token', protocol: 1, positions: {} });
    await accept([row('e:3')]);
    expect(client.status()).toEqual({ state: 'live' });
  });

  it('comes back with the positions it reached, and says what it caught up with', async () => {
    const { client, transport, wire, accept, frame, cut } = setUp();
    await accept([row('e:3')]);
    frame('e:3', 'e:4');
    wire().cut();
    expect(client.status().state).toBe('offline');
    await cut();
    expect(transport.connections).toHaveLength(2);
    expect((await wire().auth).positions).toEqual({ 'parent:1': 'e:4' });
    wire().accept();
    expect(client.status().state).toBe('catching-up');
    await accept([row('e:7', 'recovered', [['a'], ['b']])]);
    expect(client.status()).toMatchObject({ state: 'live', caughtUp: { keys: 2, resync: false } });
  });

  it('asks for a token on every connection', async () => {
    let made = 0;
    const { wire, cut } = setUp({ getToken: () => `token ${++made}` });
    expect((await wire().auth).token).toBe('token 1');
    await cut();
    expect((await wire().auth).token).toBe('token 2');
  });

  it('asks at once for a new token when the old one had expired', async () => {
    const { client, wire, transport } = setUp({ getToken: ({ expired }) => (expired ? 'new' : 'old') });
    await wire().auth;
    wire().refuse('token_expired');
    expect(client.status()).toMatchObject({ state: 'offline', code: 'token_expired' });
    await settle();
    expect(transport.connections).toHaveLength(2);
    expect((await wire().auth).token).toBe('new');
  });

  it('does not hammer the gateway with tokens that expire at once', async () => {
    const { wire, transport } = setUp();
    for (const attempts of [2, 2]) {
      wire().refuse('token_expired');
      await settle();
      expect(transport.connections).toHaveLength(attempts);
    }
  });

  it('waits longer after each failure, at most thirty seconds, and not before it was told to', async () => {
    const { wire, transport } = setUp();
    for (const delayMs of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      const attempts = transport.connections.length;
      wire().refuse('overloaded');
      await vi.advanceTimersByTimeAsync(delayMs - 1);
      expect(transport.connections).toHaveLength(attempts);
      await vi.advanceTimersByTimeAsync(1);
      expect(transport.connections).toHaveLength(attempts + 1);
    }
    wire().refuse('overloaded', 60_000);
    await vi.advanceTimersByTimeAsync(74_999);
    expect(transport.connections).toHaveLength(8);
    await vi.advanceTimersByTimeAsync(1);
    expect(transport.connections).toHaveLength(9);
  });

  it('begins with short waits again once a connection was useful', async () => {
    const { wire, transport, accept } = setUp();
    wire().refuse('overloaded');
    await vi.advanceTimersByTimeAsync(500);
    await accept([]);
    wire().cut();
    await vi.advanceTimersByTimeAsync(500);
    expect(transport.connections).toHaveLength(3);
  });

  it.each(['token_invalid', 'forbidden', 'protocol_unsupported', 'origin_refused', 'of_a_newer_gateway'])(
    'stops for good when refused as %s, and says so',
    async (code) => {
      const { client, wire, transport } = setUp();
      wire().refuse(code);
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(client.status()).toEqual({
        state: 'refused',
        code,
        message: code,
        ...(code === 'token_invalid' && { isSessionOver: true }),
      });
      expect(transport.connections).toHaveLength(1);
    },
  );

  it('tries again when there was no token to be had', async () => {
    let isBroken = true;
    const { client, transport, warnings, wire } = setUp({
      getToken: () => (isBroken ? Promise.reject(new Error('refresh failed')) : 'token'),
    });
    await settle();
    expect(client.status()).toMatchObject({ state: 'offline', code: 'token_unavailable' });
    expect(warnings).toMatchObject([{ code: 'token_unavailable' }]);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(500);
    expect(transport.connections).toHaveLength(2);
    expect((await wire().auth).token).toBe('token');
  });

  it('gives up on a token that does not come, tries again, and has no use for it later', async () => {
    let give = (_token: string) => {};
    const tokens = [new Promise<string>((resolve) => (give = resolve)), 'second'];
    const { client, transport, warnings, wire, accept } = setUp({ getToken: () => tokens.shift() ?? 'none' });
    await vi.advanceTimersByTimeAsync(8_999);
    expect(client.status().state).toBe('connecting');
    await vi.advanceTimersByTimeAsync(1);
    expect(client.status()).toMatchObject({ state: 'offline', code: 'token_unavailable' });
    expect(warnings).toMatchObject([{ code: 'token_unavailable' }]);
    await vi.advanceTimersByTimeAsync(500);
    give('first');
    expect(transport.connections).toHaveLength(2);
    expect((await wire().auth).token).toBe('second');
    await accept([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.status()).toEqual({ state: 'live' });
    expect(transport.connections).toHaveLength(2);
    expect(warnings).toHaveLength(1);
  });

  it('tries at once when hurried, but never twice', async () => {
    const { client, wire, transport } = setUp();
    wire().cut();
    client.hurry();
    client.hurry();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(transport.connections).toHaveLength(2);
    client.hurry();
    await settle();
    expect(transport.connections).toHaveLength(2);
  });
});

describe('positions in a handshake', () => {
  it('stay below what a gateway reads, and those of joined rooms come first', async () => {
    const { client, accept, wire, cut, events } = setUp();
    for (let index = 0; index < 400; index += 1) {
      const read = `read:${'0'.repeat(30)}${index}` as const;
      client.noteHeader({ [read]: 'e:1' as const });
    }
    const joined = Array.from({ length: 200 }, (_, index) => `class:${'0'.repeat(30)}${index}` as const);
    await accept(joined.map((room) => row('e:1', 'fresh', [], room)));
    await cut();
    const { positions = {} } = await wire().auth;
    expect(JSON.stringify(positions).length).toBeLessThan(12_100);
    const sent = new Set(Object.keys(positions));
    expect(joined.filter((room) => sent.has(room))).toHaveLength(200);
    expect(sent.size).toBeGreaterThan(210);
    expect(sent.size).toBeLessThan(400);
    events.length = 0;
    // A room that was left out counts as one of which nothing is proven.
    await accept(joined.map((room) => row('e:1', sent.has(room) ? 'recovered' : 'fresh', [], room)));
    expect(events).toEqual([]);
  });

  it('are those of the attempt itself: a token that comes too late changes nothing', async () => {
    const gives: ((token: string) => void)[] = [];
    const { client, accept, wire, transport, events } = setUp({
      getToken: () => new Promise((resolve) => gives.push(resolve)),
    });
    await settle();
    client.noteHeader({ 'parent:1': 'e:5' });
    transport.connections[0]?.cut();
    await vi.advanceTimersByTimeAsync(1_000);
    gives[1]?.('second');
    expect((await wire().auth).positions).toEqual({ 'parent:1': 'e:5' });
    client.noteHeader({ 'parent:1': 'e:3' });
    gives[0]?.('first');
    await settle();
    await accept([row('e:6', 'recovered', [['a']])]);
    expect(events).toMatchObject([{ type: 'row', sent: 'e:5' }]);
  });
});

describe('a listener that closes the client', () => {
  it('when the connection is replaced is not connected again', async () => {
    const { client, accept, wire, transport } = setUp();
    await accept([row('e:1')]);
    client.onStatus(({ state }) => state === 'offline' && client.close());
    wire().send('drain', { withinMs: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(transport.connections).toHaveLength(1);
    expect(client.status().state).toBe('offline');
  });

  it('when it hears of a row or of a gap asks for nothing, and is not live', async () => {
    const { client, accept, wire, frame } = setUp();
    client.joinRoom('class:1');
    const unsubscribe = client.onEvent(() => client.close());
    await accept([row('e:1')]);
    expect(client.status().state).toBe('offline');
    expect(vi.getTimerCount()).toBe(0);
    unsubscribe();
    client.start();
    await accept([row('e:1')]);
    client.onEvent(() => client.close());
    const before = wire().requests.length;
    frame('e:5', 'e:6');
    expect(wire().requests).toHaveLength(before);
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('closing', () => {
  it('ends the connection, forgets all positions, can be repeated and undone', async () => {
    const { client, transport, wire, accept } = setUp();
    await accept([row('e:3')]);
    client.close();
    client.close();
    expect(wire().isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(transport.connections).toHaveLength(1);
    expect(client.status()).toEqual({ state: 'offline' });
    client.start();
    client.start();
    expect(transport.connections).toHaveLength(2);
    expect((await wire().auth).positions).toEqual({});
  });

  it('leaves no trace of why the last attempt failed', () => {
    const { client, wire } = setUp();
    wire().refuse('token_invalid');
    client.close();
    expect(client.status()).toEqual({ state: 'offline' });
  });

  it('leaves nothing of what it has learnt, also when it was offline anyway, and says so once', async () => {
    const { client, wire, accept, frame } = setUp();
    await accept([row('e:3')]);
    frame('e:3', 'e:4');
    wire().send('status', { live: false });
    const told: unknown[] = [];
    client.onStatus((status) => told.push(status));
    client.close();
    client.close();
    expect(told).toEqual([{ state: 'offline' }]);
    expect(client.status()).toBe(told[0]);
  });

  it('while waiting for the next attempt makes none', async () => {
    const { client, transport, wire } = setUp();
    wire().cut();
    client.close();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(transport.connections).toHaveLength(1);
  });

  it('lets a new connection hear nothing of the former one', async () => {
    const { client, transport, events, accept } = setUp();
    await accept([row('e:3')]);
    client.close();
    client.start();
    transport.connections[0]?.send('invalidate', {
      room: 'parent:1',
      prev: 'e:3',
      position: 'e:4',
      keys: [['a']],
      at: 1,
    });
    expect(events).toHaveLength(1);
    expect(client.status().state).toBe('connecting');
  });
});

it('a transport that goes on talking after its end is not listened to', async () => {
  const handlers: TransportHandlers[] = [];
  const transport: LiveTransport = {
    connect: (those) => {
      handlers.push(those);
      return { request: () => Promise.reject(new Error('closed')), close: () => {} };
    },
  };
  const { client } = setUp({ transport });
  handlers[0]?.onClose('cut');
  handlers[0]?.onProblem({ code: 'token_invalid', message: 'late' });
  handlers[0]?.onOpen();
  expect(client.status()).toEqual({ state: 'offline', message: 'cut' });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(handlers).toHaveLength(2);
});

describe('frames', () => {
  it('that leave a gap are applied, and the room is asked for once, from where the client is', async () => {
    const { events, wire, accept, frame } = setUp();
    await accept([row('e:3')]);
    frame('e:4', 'e:5');
    frame('e:6', 'e:7');
    expect(events.map((event) => event.type)).toEqual(['row', 'frame', 'frame']);
    expect(wire().requests.map(({ event, payload }) => [event, payload])).toEqual([
      ['subscribe', { room: 'parent:1', position: 'e:3' }],
    ]);
    wire().requests[0]?.answer({ ok: true, ...row('e:7', 'recovered', [['a']]) });
    await settle();
    frame('e:7', 'e:8');
    expect(wire().requests).toHaveLength(1);
    frame('e:9', 'e:10');
    expect(wire().requests[1]?.payload).toEqual({ room: 'parent:1', position: 'e:8' });
  });

  it('ask again later when the gateway could not answer, and not before', async () => {
    const { wire, accept, frame } = setUp();
    await accept([row('e:3')]);
    frame('e:4', 'e:5');
    wire().requests[0]?.answer({ ok: false, code: 'broker_unavailable', message: 'later' });
    await settle();
    frame('e:6', 'e:7');
    expect(wire().requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(wire().requests).toHaveLength(2);
    wire().requests[1]?.fail();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wire().requests).toHaveLength(3);
  });

  it('do not ask over the next connection what its rows answer anyway', async () => {
    const { wire, accept, frame, cut } = setUp();
    await accept([row('e:3')]);
    frame('e:4', 'e:5');
    await cut();
    await accept([row('e:5', 'recovered', [['a']])]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(wire().requests).toHaveLength(0);
  });

  it('do not count as applied when a listener failed on them', async () => {
    const { client, warnings, wire, accept, frame, cut } = setUp();
    await accept([row('e:3')]);
    client.onEvent(() => {
      throw new Error('broken');
    });
    frame('e:3', 'e:4');
    expect(warnings).toMatchObject([{ code: 'listener_failed' }]);
    await cut();
    expect((await wire().auth).positions).toEqual({ 'parent:1': 'e:3' });
  });

  it('that cannot be read change nothing and are told', async () => {
    const { events, warnings, wire, accept } = setUp();
    await accept([row('e:3')]);
    wire().send('invalidate', { room: 'parent:1', prev: 'e:3', position: 'e:4', keys: [[]], at: 1 });
    wire().send('constructor', {});
    expect(events).toHaveLength(1);
    expect(warnings).toEqual([{ code: 'malformed_message', message: 'unreadable invalidate' }]);
  });

  it('move the time of the last frame', async () => {
    const { client, accept, frame } = setUp();
    await accept([row('e:3')]);
    frame('e:3', 'e:4');
    expect(client.status().lastFrameAt).toBe(Date.now());
  });

  it('tells of frames ten times a second at most: whoever shows it would draw each of a thousand', async () => {
    const { client, accept, frame } = setUp();
    await accept([row('e:0')]);
    let told = 0;
    client.onStatus(() => {
      told += 1;
    });
    for (let offset = 1; offset <= 1_000; offset += 1) frame(`e:${offset - 1}`, `e:${offset}`);
    expect(told).toBe(1);
    vi.setSystemTime(Date.now() - 60_000);
    frame('e:1000', 'e:1001');
    expect(client.status().lastFrameAt).toBe(Date.now());
    expect(told).toBe(2);
  });
});

it('the status tells how long the last change took to show, until the client is closed', async () => {
  const { client, accept, cut } = setUp();
  await accept([row('e:3')]);
  const told: (number | undefined)[] = [];
  client.onStatus(({ lastFreshnessMs }) => told.push(lastFreshnessMs));
  client.noteFreshness(120);
  expect(told).toEqual([120]);
  await cut();
  expect(client.status()).toMatchObject({ state: 'offline', lastFreshnessMs: 120 });
  client.close();
  expect(client.status()).toEqual({ state: 'offline' });
});

describe('the gateway', () => {
  it('that loses its broker makes the status offline, then polling, then live again', async () => {
    const { client, wire, accept } = setUp();
    await accept([row('e:3')]);
    wire().send('status', { live: false });
    expect(client.status().state).toBe('offline');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.status().state).toBe('polling');
    wire().send('status', { live: true });
    expect(client.status().state).toBe('live');
  });

  it('that is away as long as the application says makes the page poll', async () => {
    const { client, wire } = setUp({ pollAfterMs: 3_000 });
    wire().cut();
    await vi.advanceTimersByTimeAsync(2_999);
    expect(client.status().state).toBe('offline');
    await vi.advanceTimersByTimeAsync(1);
    expect(client.status().state).toBe('polling');
  });

  it('may be away for ever where the application does not want to poll', async () => {
    const { client, wire } = setUp({ pollAfterMs: Number.POSITIVE_INFINITY });
    wire().cut();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.status().state).not.toBe('polling');
  });

  it('that accepts while its broker is away does not make the page live', async () => {
    const { client, accept } = setUp();
    await accept([], { live: false });
    expect(client.status().state).toBe('offline');
  });

  it('that adds a room later starts its position', async () => {
    const { wire, accept, cut } = setUp();
    await accept([row('e:3')]);
    wire().send('joined', { rooms: [row('f:8', 'fresh', [], 'class:2')] });
    await cut();
    expect((await wire().auth).positions).toEqual({ 'parent:1': 'e:3', 'class:2': 'f:8' });
  });

  it('that takes a room away ends its position', async () => {
    const { wire, accept, cut } = setUp();
    await accept([row('e:3')]);
    wire().send('left', { room: 'parent:1', code: 'forbidden' });
    await cut();
    expect((await wire().auth).positions).toEqual({});
  });

  it('that goes away is left at a random moment inside the window', async () => {
    const { client, transport, wire, accept } = setUp();
    await accept([row('e:3')]);
    wire().send('drain', { withinMs: 10_000 });
    await vi.advanceTimersByTimeAsync(4_999);
    expect(client.status().state).toBe('live');
    await vi.advanceTimersByTimeAsync(1);
    expect(transport.connections[0]?.isClosed).toBe(true);
    expect(transport.connections).toHaveLength(2);
    expect((await wire().auth).positions).toEqual({ 'parent:1': 'e:3' });
  });

  it('that evicts the client is not asked again', async () => {
    const { client, transport, wire, accept } = setUp();
    await accept([row('e:3')]);
    wire().send('evicted', { code: 'deactivated' });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(client.status()).toMatchObject({ state: 'refused', code: 'deactivated' });
    expect(transport.connections).toHaveLength(1);
    expect(wire().isClosed).toBe(true);
  });

  it('that goes away and then ends the session is not asked again either', async () => {
    const { client, transport, wire, accept } = setUp();
    await accept([row('e:3')]);
    wire().send('drain', { withinMs: 10_000 });
    wire().send('evicted', { code: 'logged_out' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(transport.connections).toHaveLength(1);
    expect(client.status()).toMatchObject({ state: 'refused', code: 'logged_out', isSessionOver: true });
  });

  it('that goes away and closes before its time is left as any other that is lost', async () => {
    const { client, transport, accept, wire } = setUp();
    await accept([row('e:3')]);
    wire().send('drain', { withinMs: 10_000 });
    wire().cut();
    expect(client.status().state).toBe('offline');
    await vi.advanceTimersByTimeAsync(500);
    expect(transport.connections).toHaveLength(2);
    await accept([row('e:3', 'recovered')]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(transport.connections).toHaveLength(2);
  });

  it('that speaks another protocol is refused', async () => {
    const { client, accept } = setUp();
    await accept([], { protocol: 2 });
    expect(client.status()).toMatchObject({ state: 'refused', code: 'protocol_unsupported' });
  });
});

describe('extra rooms', () => {
  it('are joined once for all who want them, and again with their position after a reconnection', async () => {
    const { client, wire, accept, cut } = setUp();
    const leaveFirst = client.joinRoom('class:2');
    const leaveSecond = client.joinRoom('class:2');
    await accept([row('e:3')]);
    expect(wire().requests.map((request) => request.payload)).toEqual([{ room: 'class:2' }]);
    wire().requests[0]?.answer({ ok: true, ...row('c:5', 'fresh', [], 'class:2') });
    await settle();
    await cut();
    await accept([row('e:3', 'recovered')]);
    expect(wire().requests.map((request) => request.payload)).toEqual([{ room: 'class:2', position: 'c:5' }]);
    wire().requests[0]?.answer({ ok: true, ...row('c:5', 'recovered', [], 'class:2') });
    await settle();
    leaveFirst();
    leaveFirst();
    expect(wire().requests).toHaveLength(1);
    leaveSecond();
    expect(wire().requests[1]).toMatchObject({ event: 'unsubscribe', payload: { room: 'class:2' } });
  });

  it('are asked for once the gateway is ready, for before it answers nothing', async () => {
    const { client, wire, accept } = setUp();
    wire().accept();
    client.joinRoom('class:2');
    expect(wire().requests).toHaveLength(0);
    await accept([]);
    expect(wire().requests.map((request) => request.payload)).toEqual([{ room: 'class:2' }]);
  });

  it('that are the user’s own anyway are not asked for', async () => {
    const { client, wire, accept } = setUp();
    client.joinRoom('parent:1');
    await accept([row('e:3')]);
    expect(wire().requests).toHaveLength(0);
  });

  it('that are the user’s own keep their position when nobody wants them besides', async () => {
    const { client, accept, wire, cut } = setUp();
    await accept([row('e:3')]);
    client.joinRoom('parent:1')();
    wire().requests.at(-1)?.answer({ ok: false, code: 'forbidden', message: 'a room of your own cannot be left' });
    await settle();
    await cut();
    expect((await wire().auth).positions).toEqual({ 'parent:1': 'e:3' });
  });

  it('that were left before the answer came leave no position behind', async () => {
    const { client, wire, accept, cut } = setUp();
    await accept([]);
    client.joinRoom('class:2')();
    wire().requests[0]?.answer({ ok: true, ...row('c:5', 'fresh', [], 'class:2') });
    await settle();
    await cut();
    expect((await wire().auth).positions).toEqual({});
  });

  it('that are refused are told, and not asked for again', async () => {
    const { client, warnings, wire, accept } = setUp();
    await accept([]);
    client.joinRoom('class:2');
    wire().requests[0]?.answer({ ok: false, code: 'forbidden', message: 'not yours' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(warnings).toEqual([{ code: 'room_refused', message: 'forbidden: not yours' }]);
    expect(wire().requests).toHaveLength(1);
  });

  it('that are refused stand in the status with their code until they are given or left', async () => {
    const { client, wire, accept, cut } = setUp();
    await accept([]);
    const leave = client.joinRoom('parent:2');
    client.joinRoom('class:2');
    for (const request of wire().requests) request.answer({ ok: false, code: 'forbidden', message: 'not yours' });
    await settle();
    expect(client.status()).toMatchObject({
      state: 'live',
      refusedRooms: { 'parent:2': 'forbidden', 'class:2': 'forbidden' },
    });
    leave();
    expect(client.status().refusedRooms).toEqual({ 'class:2': 'forbidden' });
    await cut();
    await accept([]);
    wire().requests[0]?.answer({ ok: true, ...row('c:5', 'fresh', [], 'class:2') });
    await settle();
    expect(client.status().refusedRooms).toBeUndefined();
  });

  it('that are taken away stand in the status as refused until they are joined again, and are asked for then', async () => {
    const { client, wire, accept, cut } = setUp();
    client.joinRoom('class:2');
    await accept([]);
    wire().requests[0]?.answer({ ok: true, ...row('c:5', 'fresh', [], 'class:2') });
    await settle();
    wire().send('left', { room: 'class:2', code: 'rights_changed' });
    expect(client.status().refusedRooms).toEqual({ 'class:2': 'forbidden' });
    await cut();
    await accept([]);
    expect(wire().requests.map((request) => request.payload)).toEqual([{ room: 'class:2' }]);
    wire().send('joined', { rooms: [row('c:6', 'fresh', [], 'class:2')] });
    expect(client.status().refusedRooms).toBeUndefined();
  });

  it('that were refused and are the user’s own after a reconnection are no longer said to be refused', async () => {
    const { client, wire, accept, cut } = setUp();
    client.joinRoom('class:2');
    await accept([]);
    wire().requests[0]?.answer({ ok: false, code: 'forbidden', message: 'not yours' });
    await settle();
    await cut();
    await accept([row('c:5', 'fresh', [], 'class:2')]);
    expect(client.status().refusedRooms).toBeUndefined();
  });

  it('that nobody wants are not said to be refused when they are taken away', async () => {
    const { client, wire, accept } = setUp();
    await accept([row('e:3')]);
    wire().send('left', { room: 'parent:1', code: 'forbidden' });
    expect(client.status()).toEqual({ state: 'live' });
  });
});
