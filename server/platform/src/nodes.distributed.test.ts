import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createQueue, type LiveSocket } from './testing/live-socket.js';
import { createDistributedPlace } from './testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from './testing/test-platform.js';

/** What the right to see something may cost after it has ended, in milliseconds. */
const REVOKED_WITHIN_MS = 1_000;
const ASSIGN = '/api/tutor/students/3/subjects';
const PHYSICS = { subjectId: 2, teacherId: 6 };

let place: Awaited<ReturnType<typeof createDistributedPlace>>;
let a: TestPlatform;
let b: TestPlatform;

beforeAll(async () => {
  place = await createDistributedPlace();
  [a, b] = await Promise.all([startTestPlatform({}, {}, place), startTestPlatform({}, {}, place)]);
}, START_TIMEOUT_MS);

afterEach(async () => {
  await b.parts.db.execute('DELETE FROM subject_enrollments WHERE subject_id = 2');
  // Whichever node tells of it: the next test is to hear nothing of this, nor to have it computed anew.
  await Promise.all([a.parts.relay.settled(), b.parts.relay.settled()]);
});

afterAll(async () => {
  await Promise.all([a.close(), b.close()]);
  await place.remove();
});

const assign = (node: TestPlatform, token: string) => node.call(ASSIGN, { method: 'POST', token, body: PHYSICS });

async function untilKey(live: LiveSocket, name: string): Promise<void> {
  while (!(await live.nextFrame()).keys.some(([first]) => first === name));
}

test('logging out on one node closes the sockets of that session on the other, and no others', async () => {
  const [olga, again] = [await a.logIn('parent@demo.test'), await a.logIn('parent@demo.test')];
  const [there, other] = [await b.connect(olga.token), await b.connect(again.token)];
  const askedAt = performance.now();
  await a.call('/api/auth/logout', { method: 'POST', token: olga.token });
  expect(await there.evicted).toBe('logged_out');
  expect(performance.now() - askedAt).toBeLessThan(REVOKED_WITHIN_MS);
  await expect(b.connect(olga.token)).rejects.toMatchObject({ code: 'token_invalid' });
  await b.mark('parent:1');
  await untilKey(other, 'mark');
});

test('a refresh token that turns up again on one node ends its session on the other', async () => {
  const { token, cookie } = await a.logIn('parent@demo.test');
  const there = await b.connect(token);
  await a.call('/api/auth/refresh', { method: 'POST', cookie });
  await a.parts.db.execute("UPDATE refresh_tokens SET used_at = now() - interval '1 minute' WHERE used_at IS NOT NULL");
  expect((await a.call('/api/auth/refresh', { method: 'POST', cookie })).status).toBe(401);
  expect(await there.evicted).toBe('logged_out');
});

test('a write on one node is pushed by both, and what the other one cached counts no more', async () => {
  const [olga, marina] = [await b.logIn('parent@demo.test'), await a.logIn('tutor@demo.test')];
  const lives = [await a.connect(olga.token), await b.connect(olga.token)];
  const subjectsOn = async (node: TestPlatform) =>
    (await node.call('/api/parent/children/3/subjects', { token: olga.token })).body.length;
  expect([await subjectsOn(b), await subjectsOn(a)]).toEqual([1, 1]);
  expect((await assign(a, marina.token)).status).toBe(201);
  // Whoever was told reads anew: from then on nobody may answer what was cached before.
  await Promise.all(lives.map((live) => untilKey(live, 'parent-child-subjects')));
  expect([await subjectsOn(b), await subjectsOn(a)]).toEqual([2, 2]);
});

test('what one node computed, the other one answers', async () => {
  const statements: string[] = [];
  const node = await startTestPlatform({}, { onStatement: (statement) => statements.push(statement) }, place);
  const { token } = await node.logIn('parent2@demo.test');
  const first = await a.call('/api/parent/dashboard', { token });
  statements.length = 0;
  expect((await node.call('/api/parent/dashboard', { token })).body).toEqual(first.body);
  expect(statements.filter((statement) => statement.includes('"grade"'))).toEqual([]);
  await node.close();
});

test('the comparison of the demo reaches the other node, and a node that closes takes only its own sockets', async () => {
  const [olga, marina] = [await b.logIn('parent@demo.test'), await a.logIn('tutor@demo.test')];
  const options = { path: '/demo/hand-written', transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = io(b.url, { ...options, auth: { token: olga.token } });
  const events = createQueue<unknown[]>();
  socket.on('subject-changed', (...args) => events.push(args));
  await new Promise<void>((resolve) => socket.on('connect', resolve));
  const third = await startTestPlatform({}, {}, place);
  await third.close();

  await assign(a, marina.token);
  expect(await events.next()).toEqual([]);
  expect(socket.connected).toBe(true);
  socket.close();
});

test('a node without demo people that is refused at its start locks nobody out', async () => {
  const { token } = await a.logIn('parent@demo.test');
  const other = await createDistributedPlace();
  const another = await startTestPlatform({}, {}, other);
  const wrongPassword = place.redis.url.replace('//', '//nobody:hunter2@');
  for (const [variables, code] of [
    [{ REDIS_URL: wrongPassword }, 'redis_unusable'],
    [{ CACHE_REDIS_URL: wrongPassword }, 'redis_unusable'],
    [{ REDIS_URL: other.redis.url }, 'redis_of_another_database'],
    [{ PORT: new URL(a.url).port }, 'address_unusable'],
  ] as const) {
    const start = startTestPlatform({ DEMO_DATA: 'false', ...variables }, {}, place);
    await expect(start).rejects.toMatchObject({ code });
    expect((await a.call('/api/auth/me', { token })).status).toBe(200);
  }
  await another.remove();
});

test('a node that starts without demo people says so, and ends their sockets on all nodes', async () => {
  const { token } = await a.logIn('parent@demo.test');
  const live = await a.connect(token);
  const warnings: unknown[] = [];
  const warn = (fields: object, message: string) => warnings.push({ ...fields, message });
  const logger = { debug() {}, info() {}, warn, error() {} };
  const closed = await startTestPlatform({ DEMO_DATA: 'false' }, { logger }, place);
  expect(await live.evicted).toBe('deactivated');
  expect(warnings).toContainEqual({ message: 'demo people deactivated', people: 9 });
  await closed.close();
  // Back, for whatever runs after this.
  await (await startTestPlatform({}, {}, place)).close();
  expect((await a.logIn('parent@demo.test')).user.id).toBe(1);
});
