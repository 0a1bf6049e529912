import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Invalidate, PROTOCOL_VERSION, type Ready } from '@querycast/protocol';
import { eq } from 'drizzle-orm';
import express from 'express';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { studentProfiles } from '../db/schema.js';
import { errorHandler } from '../http/errors.js';
import type { Viewer } from '../sessions/authenticate-session.js';
import { createQueue } from '../testing/live-socket.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { createDemo } from './demo.js';
import { connectDemo } from './demo-client.test.support.js';
import type { RestartableGateway } from './restartable-gateway.js';

let platform: TestPlatform;
let olga: string;
let aheadMs = 0;

const clock = () => Date.now() + aheadMs;

beforeAll(async () => {
  platform = await startTestPlatform({}, { clock });
  olga = (await platform.logIn('parent@demo.test')).token;
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

const restart = (token?: string) => platform.call('/api/demo/restart-gateway', { method: 'POST', token });

/** Past the time for which nobody may restart it again. */
const coolDown = () => {
  aheadMs += 10_000;
};

const setGoal = (goal: string) =>
  platform.parts.db.update(studentProfiles).set({ goal }).where(eq(studentProfiles.userId, 3));

/** A socket of the gateway that comes back by itself with the position of the last message, as the client does. */
async function connectLive() {
  const ready = createQueue<Ready>();
  const frames = createQueue<Invalidate>();
  const left = createQueue<string>();
  let position: string | undefined;
  const socket = io(platform.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    auth: (send) =>
      send({
        token: olga,
        protocol: PROTOCOL_VERSION,
        ...(position === undefined ? {} : { positions: { 'parent:1': position } }),
      }),
  });
  socket.on('ready', (message: Ready) => {
    position = message.rooms[0]?.position;
    ready.push(message);
  });
  socket.on('invalidate', (frame: Invalidate) => {
    position = frame.position;
    frames.push(frame);
  });
  socket.on('disconnect', (reason) => left.push(reason));
  return { socket, ready, frames, left, first: await ready.next() };
}

test('without a good token it goes on as it was', async () => {
  const live = await connectLive();
  expect(await restart()).toMatchObject({ status: 401 });
  expect(live.socket.connected).toBe(true);
  live.socket.close();
});

test('sockets of both kinds are cut, come back by themselves, and those of the gateway recover what they missed', async () => {
  const live = await connectLive();
  const pane = await connectDemo(platform.url, olga);
  const trail = await connectDemo(platform.url, olga, 'trail');
  const paneLeft = new Promise((resolve) => pane.socket.once('disconnect', resolve));
  const paneBack = new Promise<void>((resolve) => pane.socket.io.once('reconnect', () => resolve()));
  const { gateway } = platform.parts;

  const restarted = restart(olga);
  expect([await live.left.next(), await paneLeft]).toEqual(['transport close', 'transport close']);
  expect(await restart(olga)).toMatchObject({ status: 409 });
  expect(gateway.isReady()).toBe(false);
  // The database, the API and the relay go on.
  await setGoal('Changed while the gateway was away');
  expect(await platform.call('/api/parent/dashboard', { token: olga })).toMatchObject({ status: 200 });
  expect(gateway.sessions()).toEqual([]);
  // What only watches goes on as well, and tells what nobody could be told.
  expect((await trail.travels.next()).rooms.map(({ room }) => room)).toContain('parent:1');

  expect(await restarted).toMatchObject({ status: 204 });
  const back = await live.ready.next();
  expect(back.rooms).toMatchObject([{ room: 'parent:1', status: 'recovered' }]);
  expect(back.rooms[0]?.keys).toContainEqual(['parent-dashboard']);
  expect(back.session).not.toBe(live.first.session);
  await paneBack;

  // The part that tests and the log-out hold is the new one.
  expect(gateway.isReady()).toBe(true);
  await vi.waitFor(() => expect(gateway.sessions()).toHaveLength(1));
  await setGoal('Changed after it');
  expect((await live.frames.next()).keys).toContainEqual(['parent-dashboard']);
  for (const { socket } of [live, pane, trail]) socket.close();
});

test('once it is back nobody may restart it for a while, and is told for how long', async () => {
  coolDown();
  expect(await restart(olga)).toMatchObject({ status: 204 });
  const message = expect.stringMatching(
    /^The gateway was restarted just now\. It can be restarted again in (10|9) s\.$/,
  );
  expect(await restart(olga)).toMatchObject({ status: 409, body: { error: { code: 'conflict', message } } });
  expect(platform.parts.gateway.isReady()).toBe(true);
});

test('it can be restarted as often as one likes, and nothing is left behind on the HTTP server', async () => {
  const warned = vi.fn();
  process.on('warning', warned);
  for (let times = 0; times < 2; times += 1) {
    coolDown();
    expect(await restart(olga)).toMatchObject({ status: 204 });
  }
  const live = await connectLive();
  live.socket.close();
  expect(await platform.call('/readyz')).toMatchObject({ status: 200 });
  process.off('warning', warned);
  expect(warned).not.toHaveBeenCalled();
});

test('a restart that fails is a logged error, lets the hand-written sockets come again and may be repeated at once', async () => {
  const error = vi.fn();
  const logger = { debug() {}, info() {}, warn() {}, error };
  const demo = await createDemo({ db: platform.parts.db, logger, clock });
  const gateway = { restart: vi.fn(async () => {}) };
  gateway.restart.mockRejectedValueOnce(new Error('cannot be made'));
  const app = express();
  const server = createServer(app);
  const principal = async () => ({ id: '1', session: 'a', claims: { role: 'parent' } });
  const comparison = demo.attach(server, { authenticate: principal, recheck: async (same) => same }, undefined);
  const viewer = async () => ({ id: 1, name: 'Olga Petrova', role: 'parent', sessionId: 'a' }) as Viewer;
  app.use(demo.routes({ authenticate: viewer, tell() {}, gateway: gateway as unknown as RestartableGateway }));
  app.use(errorHandler(logger));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    comparison.close();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = () => fetch(`${url}/restart-gateway`, { method: 'POST', headers: { authorization: 'Bearer any' } });
  expect((await post()).status).toBe(500);
  expect(error.mock.calls).toEqual([[expect.objectContaining({ err: new Error('cannot be made') }), 'request failed']]);
  const pane = await connectDemo(url, 'any');
  pane.socket.close();
  expect((await post()).status).toBe(204);
  expect((await post()).status).toBe(409);
});

test(
  'a platform that is closed while its gateway is away closes at once',
  async () => {
    const other = await startTestPlatform();
    const { token } = await other.logIn('parent@demo.test');
    const answer = other.call('/api/demo/restart-gateway', { method: 'POST', token }).catch(() => undefined);
    await vi.waitFor(() => expect(other.parts.gateway.isReady()).toBe(false));
    await other.remove();
    await answer;
  },
  START_TIMEOUT_MS,
);
