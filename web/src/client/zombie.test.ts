// @vitest-environment node
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLiveClient, type LiveClient } from './live-client.js';
import { socketIoTransport } from './socket-io-transport.js';

const room = 'parent:1';

/** What happened, in order, to be waited for without sleeping: the network is real, only the time is not. */
let told: string[];
let waiting: (() => void)[];
const tell = (line: string) => {
  told.push(line);
  for (const wake of waiting.splice(0)) wake();
};
const until = async (line: string) => {
  while (!told.includes(line)) await new Promise<void>((resolve) => waiting.push(resolve));
  told.splice(0, told.indexOf(line) + 1);
};

let end: (() => Promise<unknown>)[];
let client: LiveClient;
/** From now on connections that are there swallow everything, without a word; new ones come through. */
let swallow: () => void;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  told = [];
  waiting = [];
  end = [];
  const wire = await startWire(await startGateway());
  swallow = wire.swallow;
  client = createLiveClient({
    getToken: () => 'token',
    transport: socketIoTransport({ url: wire.url }),
    random: () => 0.999,
  });
  client.onStatus(({ state }) => tell(state));
  client.onEvent(({ type }) => tell(type));
  client.start();
  await until('live');
});

afterEach(async () => {
  client.close();
  for (const act of end) await act();
  vi.useRealTimers();
});

async function startGateway(): Promise<number> {
  const http = createServer();
  const gateway = new Server(http, { transports: ['websocket'], pingInterval: 15_000, pingTimeout: 10_000 });
  gateway.on('connection', (socket) => {
    tell('connected');
    const row = { room, position: 'e:1', status: 'fresh', keys: [] };
    socket.emit('ready', { protocol: 1, session: 's', node: 'n', live: true, heartbeatMs: 15_000, rooms: [row] });
    socket.on('unsubscribe', (_message, acknowledge) => {
      acknowledge({ ok: true });
      socket.emit('invalidate', { room, prev: 'e:1', position: 'e:2', keys: [['a']], at: 1 });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  end.unshift(() => gateway.close());
  return (http.address() as AddressInfo).port;
}

async function startWire(port: number) {
  const dead = new Set<Socket>();
  const alive = new Set<Socket>();
  const server = createTcpServer((inbound) => {
    const outbound = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      alive.add(from);
      from.on('data', (chunk) => dead.has(from) || to.write(chunk));
      from.on('error', () => {});
      from.on('close', () => dead.has(from) || to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  end.unshift(async () => {
    for (const socket of alive) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallow: () => {
      for (const socket of alive) dead.add(socket);
    },
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('a connection that swallows everything is replaced within two seconds of the signal', async () => {
  swallow();
  client.hurry();
  await pass(1_499);
  expect(client.status().state).toBe('live');
  await pass(1);
  expect(client.status().state).toBe('offline');
  await until('connected');
  await until('live');
});

it('sleep is noticed without a signal: within two seconds a dead connection is replaced', async () => {
  swallow();
  vi.setSystemTime(Date.now() + 5_000);
  await pass(2_000);
  expect(client.status().state).toBe('offline');
  await until('connected');
  await until('live');
});

it('after a sleep in which pings were missed the end is known at once, and not waited for', async () => {
  swallow();
  vi.setSystemTime(Date.now() + 60_000);
  client.hurry();
  // Before 4.8, Socket.IO's client does not look for it.
  await pass(process.env['QUERYCAST_PEERS'] === 'oldest' ? 1_500 : 1);
  expect(client.status().state).toBe('offline');
  await until('connected');
  await until('live');
});

it('a connection that lives is kept', async () => {
  client.hurry();
  await until('frame');
  await pass(5_000);
  expect(client.status().state).toBe('live');
  expect(told).not.toContain('connected');
});
