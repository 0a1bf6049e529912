import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createQueue } from '../testing/live-socket.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

let platform: TestPlatform;
const sockets: Socket[] = [];

beforeAll(async () => {
  platform = await startTestPlatform();
}, START_TIMEOUT_MS);

afterAll(async () => {
  for (const socket of sockets) socket.close();
  await platform.remove();
});

async function connect(token: string) {
  const path = '/demo/hand-written';
  const socket = io(platform.url, {
    path,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { token },
  });
  sockets.push(socket);
  const events = createQueue<unknown[]>();
  socket.on('subject-changed', (...args) => events.push(args));
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  return { socket, events };
}

test('an assignment and its end are told to the connected parent, without payload', async () => {
  const [olga, marina] = [await platform.logIn('parent@demo.test'), await platform.logIn('tutor@demo.test')];
  const { events } = await connect(olga.token);
  const path = '/api/tutor/students/3/subjects';
  const body = { subjectId: 2, teacherId: 6 };
  const assigned = await platform.call(path, { method: 'POST', token: marina.token, body });
  expect(await events.next()).toEqual([]);
  await platform.call(`${path}/${assigned.body.id}`, { method: 'DELETE', token: marina.token });
  expect(await events.next()).toEqual([]);
});

test('without a good token nobody connects', async () => {
  await expect(connect('made-up')).rejects.toThrow();
});

test('whoever hears of a change and reads at once gets it, however late the relay is', async () => {
  const [ivan, marina] = [await platform.logIn('parent2@demo.test'), await platform.logIn('tutor@demo.test')];
  const { events } = await connect(ivan.token);
  const read = async () =>
    (await platform.call('/api/parent/dashboard', { token: ivan.token })).body.children[0].subjects;
  // Now it is cached, and from here on nobody evicts but whoever tells.
  const before = await read();
  await platform.parts.relay.close();
  const body = { subjectId: 2, teacherId: 6 };
  await platform.call('/api/tutor/students/5/subjects', { method: 'POST', token: marina.token, body });
  await events.next();
  expect(await read()).toHaveLength(before.length + 1);
});
