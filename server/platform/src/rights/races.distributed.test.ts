import { Client } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Link, openLink } from '../testing/link.test.support.js';
import { openLiveClient } from '../testing/live-client.test.support.js';
import { createDistributedPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { addFamily, addVictim } from './revocations.test.support.js';

/** What only the look-up of a log-in asks, and what only that of a student's guardians. */
const READS_SESSION = 's.expires_at > $2::timestamptz';
const READS_GUARDIANS = 'SELECT user_id, parent_id, tutor_id FROM student_profiles';

let place: Awaited<ReturnType<typeof createDistributedPlace>>;
let node: TestPlatform;
let toDatabase: Link & { close(): void };
let psql: Client;

beforeAll(async () => {
  place = await createDistributedPlace();
  toDatabase = await openLink(place.database.url);
  node = await startTestPlatform({ DATABASE_URL: toDatabase.url }, {}, place);
  psql = new Client({ connectionString: place.database.url });
  await psql.connect();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await psql.end();
  await node.close();
  toDatabase.close();
  await place.remove();
});

/** Resolves when the node has heard all that was told until now, and has looked at whom it was about. */
async function untilHeard(): Promise<void> {
  const witness = await addVictim(node);
  const client = openLiveClient(node.url, witness.token);
  await client.next('ready');
  await psql.query(`UPDATE users SET is_active = false WHERE id = ${witness.user.id}`);
  await client.next('evicted');
}

test.each([
  ['a log-out', 'UPDATE sessions SET revoked_at = now() WHERE user_id = ', 'logged_out'],
  ['another password', "UPDATE users SET password_hash = '' WHERE id = ", 'logged_out'],
  ['deactivation', 'UPDATE users SET is_active = false WHERE id = ', 'deactivated'],
  ['another role', "UPDATE users SET role = 'teacher' WHERE id = ", 'forbidden'],
])('a socket whose log-in was read before %s does not open after it', async (_what, change, code) => {
  const { token, user } = await addVictim(node);
  const held = toDatabase.holdAnswerTo(READS_SESSION);
  const client = openLiveClient(node.url, token);
  await held.given;
  await psql.query(`${change}${user.id}`);
  // Which opens sockets itself: only one answer is held.
  await untilHeard();
  held.release();
  await client.next('disconnect');
  expect(client.said).toEqual([
    ['evicted', { code }],
    ['disconnect', expect.any(String)],
  ]);
});

test('a room whose right was read before the student has another parent is not joined after it', async () => {
  const { parent, another, student, room } = await addFamily(node);
  const client = openLiveClient(node.url, parent.token);
  await client.next('ready');
  const held = toDatabase.holdAnswerTo(READS_GUARDIANS);
  const asked = client.ask('subscribe', { room });
  await held.given;
  await psql.query(`UPDATE student_profiles SET parent_id = ${another.user.id} WHERE user_id = ${student}`);
  await untilHeard();
  held.release();
  expect(await asked).toMatchObject({ ok: false, code: 'forbidden' });
  expect(node.parts.gateway.sessions().flatMap(({ rooms }) => rooms)).not.toContain(room);
  client.close();
});

test('a room whose right was read for a new token before the student has another parent is left', async () => {
  const { parent, another, student, room } = await addFamily(node);
  const client = openLiveClient(node.url, parent.token);
  await client.next('ready');
  expect(await client.ask('subscribe', { room })).toMatchObject({ ok: true });
  const refreshed = await node.call('/api/auth/refresh', { method: 'POST', cookie: parent.cookie });
  const held = toDatabase.holdAnswerTo(READS_GUARDIANS);
  const renewed = client.ask('renew', { token: refreshed.body.token });
  await held.given;
  await psql.query(`UPDATE student_profiles SET parent_id = ${another.user.id} WHERE user_id = ${student}`);
  expect(await client.next('left')).toEqual({ room, code: 'forbidden' });
  held.release();
  expect(await renewed).toMatchObject({ ok: true });
  expect(node.parts.gateway.sessions().flatMap(({ rooms }) => rooms)).not.toContain(room);
  expect(client.said.map(([event]) => event)).not.toContain('joined');
  client.close();
});

test('a new token that was read before its log-in ended keeps no socket', async () => {
  const { token, cookie, user } = await addVictim(node);
  const client = openLiveClient(node.url, token);
  await client.next('ready');
  const refreshed = await node.call('/api/auth/refresh', { method: 'POST', cookie });
  const held = toDatabase.holdAnswerTo(READS_SESSION);
  const acknowledged = vi.fn();
  void client.ask('renew', { token: refreshed.body.token }).then(acknowledged);
  await held.given;
  await psql.query(`UPDATE users SET is_active = false WHERE id = ${user.id}`);
  expect(await client.next('evicted')).toEqual({ code: 'deactivated' });
  held.release();
  await client.next('disconnect');
  await untilHeard();
  expect(node.parts.gateway.sessions().map((session) => session.user)).not.toContain(String(user.id));
  expect(acknowledged).not.toHaveBeenCalled();
});
