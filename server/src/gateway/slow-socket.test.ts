import { createServer, type Server as HttpServer } from 'node:http';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket as TcpSocket,
} from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { covers, type Invalidate, type Position, type QueryKey, type Ready, type Resync } from '@querycast/protocol';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryBroker } from '../broker/memory-broker.js';
import { noMetrics } from '../observability/metrics.js';
import { createGateway, type Gateway } from './gateway.js';

const INVALIDATIONS = 10_000;
const KEYS_EACH = 2;
/** Makes it 19 MB: many times what the system takes of a connection whose other end does not read. */
const PADDING = 'x'.repeat(900);
/** Rows of 55 KB for a client that does not read: what the system takes of them, and what may wait. */
const MOST_ROWS = 300;
/** What the slow socket may cost, together with what a garbage collection leaves of everything else, in bytes. */
const MOST_GROWTH_BYTES = 8 * 1024 * 1024;

let http: HttpServer;
let broker: ReturnType<typeof createMemoryBroker>;
let gateway: Gateway;
let url: string;
let slowSockets: number;
let counted: Map<string, number>;
/** The gateway's ends of all connections. */
let served: TcpSocket[];
const closing: (() => void)[] = [];

beforeEach(async () => {
  http = createServer();
  served = [];
  counted = new Map();
  slowSockets = 0;
  http.on('connection', (socket) => served.push(socket));
  broker = createMemoryBroker();
  gateway = createGateway({
    broker,
    authenticate: async (id) => ({ id, claims: {} }),
    roomsOf: ({ id }) => ['class:1', `parent:${id}`],
    authorize: () => true,
    // What is kept for a client that does not read is bounded, however often it may ask.
    limits: { messagesPerSocket: 100_000, subscribesPerSocket: 100_000 },
    // Who does not read answers no ping: by default it would be cut for that in 25 s, which a busy machine takes to publish.
    heartbeatMs: 600_000,
    metrics: {
      ...noMetrics,
      count: (name, _labels, by = 1) => counted.set(name, (counted.get(name) ?? 0) + by),
      gauge(name, value) {
        if (name === 'slow_sockets') slowSockets = value;
      },
    },
  }).attach(http);
  url = await listening(http);
});

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await gateway.close();
  await broker.close();
  await new Promise((resolve) => http.close(resolve));
});

async function listening(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A client as the protocol has it, as far as this test goes: its position, and what it heard of. */
function connect(at: string, token: string) {
  const socket = io(at, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token, protocol: 1 },
  });
  closing.push(() => socket.disconnect());
  const positions = new Map<string, Position>();
  const heard = new Set<string>();
  let wake = () => {};
  const client = {
    socket,
    positions,
    heard,
    resyncs: 0,
    frames: 0,
    gaps: 0,
    left: false,
    async reached(room: string, position: Position) {
      while (positions.get(room) !== position) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
  socket.on('ready', ({ rooms }: Ready) => {
    for (const { room, position } of rooms) positions.set(room, position);
  });
  socket.on('invalidate', ({ room, prev, position, keys }: Invalidate) => {
    const mine = positions.get(room);
    client.frames += 1;
    if (!mine || !covers(mine, prev)) client.gaps += 1;
    positions.set(room, position);
    for (const key of keys) heard.add(String(key[1]));
  });
  socket.on('resync', ({ room, position }: Resync) => {
    client.resyncs += 1;
    positions.set(room, position);
  });
  socket.on('disconnect', () => {
    client.left = true;
  });
  socket.onAny(() => wake());
  return client;
}

/** A wire to the gateway whose far end can stop reading, as a phone in a tunnel does. */
async function openWire() {
  const wires: { near: TcpSocket; far: TcpSocket }[] = [];
  const server = createTcpServer((near) => {
    const far = connectTcp(Number(new URL(url).port), '127.0.0.1');
    wires.push({ near, far });
    near.pipe(far);
    far.pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  const at = await listening(server);
  closing.push(() => {
    server.close();
    for (const { near, far } of wires) for (const end of [near, far]) end.destroy();
  });
  return {
    url: at,
    stall() {
      for (const { near, far } of wires) far.unpipe(near).pause();
    },
    flow() {
      for (const { near, far } of wires) far.pipe(near);
    },
  };
}

const until = (hold: () => boolean, what: string) => expect.poll(hold, { interval: 5, message: what }).toBe(true);

/** Memory of this thread that is really in use, in bytes. */
function used(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Publishes no faster than the others hear it, so that only the slow one can lag behind. */
async function publishMany(others: readonly ReturnType<typeof connect>[]): Promise<Position> {
  let newest: Position | undefined;
  for (let index = 0; index < INVALIDATIONS; index += 1) {
    const keys = Array.from({ length: KEYS_EACH }, (_, key): QueryKey => ['k', index * KEYS_EACH + key, PADDING]);
    const { position } = await broker.append({ room: 'class:1', keys });
    newest = position;
    // The gateway's sockets and the clients live in this thread as well.
    if (index % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
    if (index % 250 === 249) await Promise.all(others.map((other) => other.reached('class:1', position)));
  }
  return newest as Position;
}

describe('a client that does not read', () => {
  it('costs the gateway next to nothing and the others no time, and ends right when it reads again', async () => {
    const wire = await openWire();
    const slow = connect(wire.url, '1');
    const quick = [connect(url, '2'), connect(url, '3')];
    await until(() => [slow, ...quick].every(({ positions }) => positions.size === 2), 'all are ready');
    wire.stall();
    const before = used();
    const head = await publishMany(quick);
    expect(quick.map(({ heard, gaps, resyncs }) => [heard.size, gaps, resyncs])).toEqual(
      quick.map(() => [INVALIDATIONS * KEYS_EACH, 0, 0]),
    );

    expect(slowSockets).toBe(1);
    expect(counted.get('frames_kept_total')).toBeGreaterThan(0);
    for (const { heard } of quick) heard.clear();
    expect(used() - before).toBeLessThan(MOST_GROWTH_BYTES);
    expect(Math.max(...served.map(({ writableLength }) => writableLength))).toBeLessThan(1024 * 1024);
    expect(slow.left).toBe(false);

    await broker.append({ room: 'parent:1', keys: [['of-another-room', 'other']] });
    wire.flow();
    await until(() => slow.positions.get('class:1') === head && slow.heard.has('other'), 'the slow one is up to date');
    expect([slow.resyncs, slow.gaps]).toEqual([1, 0]);
    expect(counted.get('frames_overflowed_total')).toBe(1);
    await until(() => slowSockets === 0, 'nobody is slow');
    const frames = slow.frames;
    const { position } = await broker.append({ room: 'class:1', keys: [['k', 'after']] });
    await until(() => slow.positions.get('class:1') === position, 'it takes frames directly again');
    expect([slow.frames, slow.resyncs, slow.gaps]).toEqual([frames + 1, 1, 0]);
  }, 60_000);

  it('is told exactly which keys went stale when these fit into a frame', async () => {
    const wire = await openWire();
    const slow = connect(wire.url, '1');
    await until(() => slow.positions.size === 2, 'it is ready');
    wire.stall();
    const keys = Array.from({ length: 60 }, (_, key): QueryKey => ['k', key, PADDING]);
    let head: Position | undefined;
    while (slowSockets === 0) {
      ({ position: head } = await broker.append({ room: 'class:1', keys }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (let index = 0; index < 2_000; index += 1) {
      ({ position: head } = await broker.append({ room: 'class:1', keys: [['kept', `kept ${index % 100}`]] }));
      if (index % 25 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    wire.flow();
    await until(() => slow.positions.get('class:1') === head, 'it is up to date');
    expect([slow.resyncs, slow.gaps]).toEqual([0, 0]);
    expect([...slow.heard].filter((key) => key.startsWith('kept'))).toHaveLength(100);
  }, 30_000);

  it('is cut like all others when its node goes away, whatever still waits for it', async () => {
    const wire = await openWire();
    const slow = connect(wire.url, '1');
    await until(() => slow.positions.size === 2, 'it is ready');
    wire.stall();
    const keys = Array.from({ length: 60 }, (_, key): QueryKey => ['k', key, PADDING]);
    while (slowSockets === 0) {
      await broker.append({ room: 'class:1', keys });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await gateway.drain(20);
    expect([gateway.sessions(), slowSockets]).toEqual([[], 0]);
    wire.flow();
    await until(() => slow.left, 'it knows, and comes back');
  });

  it('and asks without end is cut', async () => {
    const wire = await openWire();
    const hostile = connect(wire.url, '1');
    const quick = connect(url, '2');
    await until(() => hostile.positions.size === 2 && quick.positions.size === 2, 'both are ready');
    const position = hostile.positions.get('parent:1');
    const keys = Array.from({ length: 60 }, (_, key): QueryKey => ['k', key, PADDING]);
    await broker.append({ room: 'parent:1', keys });
    await until(() => hostile.frames === 1, 'its room has a large row');
    wire.stall();
    while (gateway.sessions().length === 2) {
      for (let index = 0; index < 50; index += 1)
        hostile.socket.emit('subscribe', { room: 'parent:1', position }, () => {});
      await new Promise((resolve) => setImmediate(resolve));
      expect(Math.max(...served.map(({ writableLength }) => writableLength))).toBeLessThan(1024 * 1024);
    }
    expect(counted.get('flooded_sockets_cut_total')).toBe(1);
    // Its rows are large: soon it gets none any more, and what waits are refusals.
    expect(counted.get('joins_total')).toBeLessThan(MOST_ROWS);
    expect(gateway.sessions()).toMatchObject([{ user: '2' }]);
  }, 30_000);
});
