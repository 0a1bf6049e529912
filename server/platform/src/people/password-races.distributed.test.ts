import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { DEMO_PASSWORD } from '../db/demo-data.js';
import { createSampleRows } from '../testing/sample-rows.test.support.js';
import { createDistributedPlace } from '../testing/test-place.js';
import { type Answer, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { hashPassword } from './password.js';

let place: Awaited<ReturnType<typeof createDistributedPlace>>;
let platform: TestPlatform;
let passwordHash: string;
let people = 0;
let person: { readonly id: number; readonly email: string };
/** Somebody else, in a transaction. */
let rival: Client;

beforeAll(async () => {
  place = await createDistributedPlace();
  [platform, passwordHash] = await Promise.all([startTestPlatform({}, {}, place), hashPassword(DEMO_PASSWORD)]);
}, START_TIMEOUT_MS);

beforeEach(async () => {
  people += 1;
  const email = `racer${people}@demo.test`;
  const id = await createSampleRows(platform.parts.db).person({ role: 'tutor', email, passwordHash });
  person = { id, email };
  rival = new Client({ connectionString: place.database.url });
  await rival.connect();
  await rival.query('BEGIN');
});

afterEach(() => rival.end());

afterAll(() => platform.remove());

const post = (path: string, call: object) => platform.call(path, { method: 'POST', ...call });

/** Sends a request that comes to wait for what the rival has changed, lets the rival commit, and answers what came of it. */
async function overtaken(request: () => Promise<Answer>): Promise<Answer> {
  const answer = request();
  await vi.waitUntil(async () => {
    // Other tests have databases on the same server, and wait for each other as well.
    const { rows } = await rival.query(
      'SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))) AS waiting',
    );
    return rows[0].waiting;
  });
  await rival.query('COMMIT');
  return answer;
}

test.each([
  ['the password changes', `password_hash = 'another'`],
  ['the person is deactivated', 'is_active = false'],
])('a log-in that is under way when %s is refused, and leaves no session behind', async (_what, change) => {
  await rival.query(`UPDATE users SET ${change} WHERE id = ${person.id}`);
  const body = { email: person.email, password: DEMO_PASSWORD };
  const answer = await overtaken(() => post('/api/auth/login', { body }));
  expect(answer).toMatchObject({ status: 401, body: { error: { code: 'bad_credentials' } } });
  const { rows } = await rival.query(`SELECT id FROM sessions WHERE user_id = ${person.id}`);
  expect(rows).toEqual([]);
});

test('a refresh that is under way when the password changes is refused', async () => {
  const { cookie } = await platform.logIn(person.email);
  await rival.query(`UPDATE users SET password_hash = 'another' WHERE id = ${person.id}`);
  expect((await overtaken(() => post('/api/auth/refresh', { cookie }))).status).toBe(401);
});

test('a change of the password that is under way when its session is logged out changes nothing', async () => {
  const { token } = await platform.logIn(person.email);
  await rival.query(`UPDATE sessions SET revoked_at = now() WHERE user_id = ${person.id}`);
  const body = { currentPassword: DEMO_PASSWORD, newPassword: 'eight or more' };
  const answer = await overtaken(() => post('/api/auth/password', { token, body }));
  expect(answer).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } });
  expect((await platform.logIn(person.email)).user.id).toBe(person.id);
});

test('a change of the password that is under way when somebody else changes it is refused', async () => {
  const { token } = await platform.logIn(person.email);
  await rival.query(`UPDATE users SET password_hash = 'another' WHERE id = ${person.id}`);
  const body = { currentPassword: DEMO_PASSWORD, newPassword: 'eight or more' };
  const answer = await overtaken(() => post('/api/auth/password', { token, body }));
  expect(answer.status).toBe(401);
  const { rows } = await rival.query(`SELECT password_hash FROM users WHERE id = ${person.id}`);
  expect(rows).toEqual([{ password_hash: 'another' }]);
});
