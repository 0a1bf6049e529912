// @vitest-environment node
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { socketIoTransport } from './socket-io-transport.js';
import type { TransportConnection } from './transport.js';

let http: HttpServer;
let gateway: Server;
let url: string;
let connection: TransportConnection | undefined;

beforeEach(async () => {
  http = createServer();
  gateway = new Server(http, { transports: ['websocket'] });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
});

afterEach(async () => {
  connection?.close();
  await gateway.close();
});

/** Connects, and answers what the handlers were told, each as one line, in order and without sleeping. */
function connect(auth: () => Promise<{ token: string; protocol: number }> = async () => ({ token: 't', protocol: 1 })) {
  const told: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  const tell = (line: string) => {
    const next = waiting.shift();
    if (next) next(line);
    else told.push(line);
  };
  const opened = socketIoTransport({ url }).connect({
    auth,
    onOpen: () => tell('open'),
    onMessage: (event, payload) => tell(`${event} ${JSON.stringify(payload)}`),
    onProblem: ({ code, retryAfterMs }) => tell(`problem ${code} ${retryAfterMs}`),
    onClose: (reason) => tell(`close ${reason}`),
  });
  connection = opened;
  const next = () => {
    const line = told.shift();
    return line === undefined ? new Promise<string>((resolve) => waiting.push(resolve)) : Promise.resolve(line);
  };
  return { opened, next, told };
}

it('sends what auth answers, over a WebSocket, and passes messages on', async () => {
  gateway.on('connection', (socket) => {
    socket.emit('echo', { auth: socket.handshake.auth, transport: socket.conn.transport.name });
  });
  const { next } = connect();
  expect(await next()).toBe('open');
  expect(await next()).toBe('echo {"auth":{"token":"t","protocol":1},"transport":"websocket"}');
});

it('passes on why the gateway refuses, and does not try again', async () => {
  let attempts = 0;
  gateway.use((_socket, next) => {
    attempts += 1;
    next(Object.assign(new Error('busy'), { data: { code: 'overloaded', message: 'busy', retryAfterMs: 700 } }));
  });
  const { next, told } = connect();
  expect(await next()).toBe('problem overloaded 700');
  expect(attempts).toBe(1);
  expect(told).toEqual([]);
});

it('tells a network that is away from a refusal: it has no code', async () => {
  await gateway.close();
  const { next } = connect();
  expect(await next()).toBe('problem undefined undefined');
});

it('gives up on a gateway that takes the connection and does not answer', async () => {
  const mute = createTcpServer();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { next } = connect();
  vi.advanceTimersByTime(10_000);
  vi.useRealTimers();
  expect(await next()).toBe('problem undefined undefined');
  mute.close();
});

it('leaves it to the client to close a connection for which there is no token', async () => {
  const closed = new Promise<void>((resolve) => {
    gateway.engine.on('connection', (socket: { on: (event: 'close', act: () => void) => void }) => {
      socket.on('close', resolve);
    });
  });
  const { opened, told } = connect(() => {
    queueMicrotask(() => opened.close());
    return Promise.reject(new Error('none'));
  });
  await closed;
  expect(told).toEqual([]);
});

it('tells when the gateway ends the connection', async () => {
  gateway.on('connection', (socket) => socket.disconnect(true));
  const { next } = connect();
  expect(await next()).toBe('open');
  expect(await next()).toBe('close io server disconnect');
});

it('resolves a request with its acknowledgement, and rejects it when the connection ends first', async () => {
  gateway.on('connection', (socket) => {
    socket.on('subscribe', (message, acknowledge) => acknowledge({ ok: true, message }));
    socket.on('unsubscribe', () => socket.disconnect(true));
  });
  const { opened, next } = connect();
  await next();
  expect(await opened.request('subscribe', { room: 'class:1' })).toEqual({ ok: true, message: { room: 'class:1' } });
  await expect(opened.request('unsubscribe', { room: 'class:1' })).rejects.toThrow();
});

it('says nothing more once it is closed, and closes the socket', async () => {
  const { opened, next, told } = connect();
  const left = new Promise<string>((resolve) => {
    gateway.on('connection', (socket) => socket.on('disconnect', resolve));
  });
  await next();
  opened.close();
  opened.close();
  expect(await left).toBe('client namespace disconnect');
  expect(told).toEqual([]);
});
