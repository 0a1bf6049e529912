import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createGateway, createMemoryBroker } from '@querycast/server';
import { type NginxServer, startNginx } from '@querycast/test-servers';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

interface Node {
  readonly server: Server;
  readonly seen: IncomingMessage[];
}

let nodes: Node[];
let nginx: NginxServer;

beforeEach(async () => {
  nodes = await Promise.all([startNode(), startNode()]);
  nginx = await startNginx({ upstreams: nodes.map(portOf) });
});
afterEach(async () => {
  await nginx.close();
  await Promise.all(nodes.map(stop));
});

test('a WebSocket passes, and its origin is that of the page behind the same port', async () => {
  const broker = createMemoryBroker();
  const gateways = nodes.map(({ server }) =>
    createGateway({
      broker,
      authenticate: async (id) => ({ id, claims: {} }),
      roomsOf: ({ id }) => [`parent:${id}`],
    }).attach(server),
  );
  const refused = open('http://elsewhere.test');
  expect(await heard(refused, 'connect_error')).toMatchObject({ data: { code: 'origin_refused' } });
  refused.disconnect();

  const socket = open(nginx.url);
  expect(await heard(socket, 'ready')).toMatchObject({ rooms: [{ room: 'parent:1' }] });
  const frame = heard(socket, 'invalidate');
  await broker.append({ room: 'parent:1', keys: [['a']] });
  expect(await frame).toMatchObject({ keys: [['a']] });
  socket.disconnect();
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await broker.close();
});

test('a node that is killed is not noticed, not even by a request that must not be repeated', async () => {
  const [dead] = nodes;
  if (dead) await stop(dead);
  for (let request = 0; request < 6; request += 1) {
    expect((await fetch(`${nginx.url}/api/thing`, { method: 'POST', body: '{}' })).status).toBe(200);
  }
  expect(nodes[1]?.seen).toHaveLength(6);
});

test('a node that hangs is left: what may be repeated is answered by the other one, the next ones at once', async () => {
  await nginx.close();
  const hung = await hangingNode();
  const [well] = nodes.map(portOf);
  const upstreams = [hung.port, well ?? 0];
  nginx = await startNginx({ upstreams, hungAfterSeconds: 1 });
  try {
    const get = async (path: string) => (await fetch(nginx.url + path)).status;
    const askedAt = performance.now();
    // Half of them reach the one that hangs first.
    expect(await Promise.all(['/a', '/b', '/c', '/d'].map(get))).toEqual([200, 200, 200, 200]);
    expect(performance.now() - askedAt).toBeGreaterThan(1_000);
    const againAt = performance.now();
    for (const path of ['/e', '/f', '/g', '/h']) expect(await get(path)).toBe(200);
    expect(performance.now() - againAt).toBeLessThan(1_000);
  } finally {
    hung.child.kill('SIGKILL');
  }
});

test('what must not be repeated is answered 504 by nginx when its node hangs', async () => {
  await nginx.close();
  const hung = await Promise.all([hangingNode(), hangingNode()]);
  nginx = await startNginx({ upstreams: hung.map(({ port }) => port), hungAfterSeconds: 1 });
  try {
    const response = await fetch(`${nginx.url}/api/thing`, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([504, '1']);
    expect(await response.json()).toMatchObject({ error: { code: 'no_gateway' } });
  } finally {
    for (const { child } of hung) child.kill('SIGKILL');
  }
});

test('a request that a node has seen is repeated on the other one only when that is harmless', async () => {
  expect((await fetch(`${nginx.url}/dies`)).status).toBe(502);
  expect(nodes.map(({ seen }) => seen.length)).toEqual([1, 1]);
});

test('a POST that a node has seen is never repeated', async () => {
  expect((await fetch(`${nginx.url}/dies`, { method: 'POST', body: '{}' })).status).toBe(502);
  expect(nodes.flatMap(({ seen }) => seen)).toHaveLength(1);
});

test('without any node the answer says so in the form of the API, and is kept by nobody', async () => {
  await Promise.all(nodes.map(stop));
  const response = await fetch(`${nginx.url}/api/parent/dashboard`);
  expect(response.status).toBe(502);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toMatchObject({ error: { code: 'no_gateway' } });
});

test.each(['/metrics', '/METRICS/', '/%6detrics'])('%s stays inside', async (path) => {
  expect((await fetch(nginx.url + path)).status).toBe(404);
  expect(nodes.flatMap(({ seen }) => seen)).toEqual([]);
});

test('a node sees the host as the browser wrote it, who asked, and whether that was over TLS', async () => {
  await fetch(`${nginx.url}/a`, { headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' } });
  await fetch(`${nginx.url}/a`);
  const headers = nodes.flatMap(({ seen }) => seen).map((request) => request.headers);
  for (const { host, connection } of headers)
    expect([host, connection]).toEqual([`127.0.0.1:${nginx.port}`, undefined]);
  expect(headers.map((each) => [each['x-forwarded-for'], each['x-forwarded-proto']]).sort()).toEqual([
    ['127.0.0.1', 'http'],
    // What a client says of itself is not passed on.
    ['127.0.0.1', 'https'],
  ]);
});

test('no other protocol than WebSocket can be asked for', async () => {
  const socket = connect(nginx.port, '127.0.0.1');
  socket.write('GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n');
  await socket.resume().toArray();
  expect(nodes.flatMap(({ seen }) => seen).map(({ headers }) => headers.upgrade)).toEqual([undefined]);
});

test('bodies are limited by route', async () => {
  const post = async (path: string, bytes: number) =>
    (await fetch(nginx.url + path, { method: 'POST', body: 'x'.repeat(bytes) })).status;
  expect(await post('/api/a', 65_536)).toBe(200);
  expect(await post('/api/a', 65_537)).toBe(413);
  expect(await post('/v1/invalidations', 1_400_000)).toBe(200);
  expect(await post('/v1/invalidations', 1_500_000)).toBe(413);
});

test('the log of requests holds no id, which would tell who looked at whom', async () => {
  const paths = [
    '/api/parent/children/3/progress',
    '/api/tutor/students/34/subjects/567',
    '/api/admin/users/2147483647',
    '/v1/invalidations',
    '/assets/main-B4.js',
  ];
  for (const path of paths) await fetch(nginx.url + path);
  await vi.waitFor(async () => {
    expect((await nginx.accessLog()).map(({ path }) => path)).toEqual([
      '/api/parent/children/:id/progress',
      '/api/tutor/students/:id/subjects/:id',
      '/api/admin/users/:id',
      '/v1/invalidations',
      '/assets/main-B4.js',
    ]);
  });
});

test('the log of requests holds no query', async () => {
  await fetch(`${nginx.url}/a?token=secret`);
  // Written once the request is over, which its client may see first.
  const lines = await vi.waitFor(async () => {
    const written = await nginx.accessLog();
    expect(written).toMatchObject([{ method: 'GET', path: '/a', status: 200 }]);
    return written;
  });
  expect(JSON.stringify(lines)).not.toContain('secret');
});

async function startNode(): Promise<Node> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    if (request.url === '/dies') request.socket.destroy();
    else request.resume().on('end', () => response.end('ok'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, seen };
}

/** A process that is stopped, not ended: its system goes on accepting connections for it. */
async function hangingNode(): Promise<{ child: ChildProcess; port: number }> {
  const script = `const server = require('node:http').createServer((_, response) => response.end());
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  return { child, port: Number(port) };
}

function portOf({ server }: Node): number {
  return (server.address() as AddressInfo).port;
}

async function stop({ server }: Node): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function open(origin: string) {
  return io(nginx.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: '1', protocol: 1 },
    extraHeaders: { origin },
  });
}

function heard(socket: ReturnType<typeof open>, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve));
}
