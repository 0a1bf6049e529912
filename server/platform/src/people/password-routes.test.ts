import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../db/demo-data.js';
import { createSampleRows } from '../testing/sample-rows.test.support.js';
import {
  cookieOf,
  type LoggedIn,
  START_TIMEOUT_MS,
  startTestPlatform,
  type TestPlatform,
} from '../testing/test-platform.js';
import { hashPassword } from './password.js';

const NEW_PASSWORD = 'eight or more';

let platform: TestPlatform;
let passwordHash: string;
let people = 0;
let email: string;

beforeAll(async () => {
  [platform, passwordHash] = await Promise.all([startTestPlatform(), hashPassword(DEMO_PASSWORD)]);
}, START_TIMEOUT_MS);

beforeEach(async () => {
  people += 1;
  email = `person.${people}@demo.test`;
  await createSampleRows(platform.parts.db).person({ role: 'tutor', email, passwordHash });
});

afterAll(() => platform.remove());

const post = (path: string, call: object) => platform.call(path, { method: 'POST', ...call });
const good = { currentPassword: DEMO_PASSWORD, newPassword: NEW_PASSWORD };
const change = ({ token, cookie }: Partial<LoggedIn>, body: unknown = good) =>
  post('/api/auth/password', { token, cookie, body });
const refresh = (cookie: string) => post('/api/auth/refresh', { cookie });
const statusOf = async (token: string) => (await platform.call('/api/auth/me', { token })).status;
const logInStatus = async (password: string) => (await post('/api/auth/login', { body: { email, password } })).status;

test('it ends every session of the person and begins a new one for whoever changed it', async () => {
  const [changer, elsewhere] = [await platform.logIn(email), await platform.logIn(email)];
  const bystander = await platform.logIn('tutor@demo.test');
  const lives = [await platform.connect(changer.token), await platform.connect(elsewhere.token)];
  const answer = await change(changer);
  expect(answer).toMatchObject({ status: 200, body: { user: changer.user } });
  expect(await Promise.all(lives.map(({ evicted }) => evicted))).toEqual(['logged_out', 'logged_out']);
  expect([await statusOf(changer.token), await statusOf(elsewhere.token)]).toEqual([401, 401]);
  expect((await refresh(changer.cookie)).status).toBe(401);
  expect((await refresh(elsewhere.cookie)).status).toBe(401);
  expect(await statusOf(bystander.token)).toBe(200);

  expect(await statusOf(answer.body.token)).toBe(200);
  expect((await platform.connect(answer.body.token)).ready.rooms).toMatchObject([{ room: `tutor:${changer.user.id}` }]);
  expect((await refresh(cookieOf(answer))).status).toBe(200);
  expect([await logInStatus(DEMO_PASSWORD), await logInStatus(NEW_PASSWORD)]).toEqual([401, 200]);
});

test('without the current password nothing changes', async () => {
  const changer = await platform.logIn(email);
  for (const currentPassword of ['wrong', `${DEMO_PASSWORD} `, NEW_PASSWORD.slice(1)]) {
    const answer = await change(changer, { ...good, currentPassword });
    expect(answer).toMatchObject({ status: 400, body: { error: { fields: { currentPassword: 'is wrong' } } } });
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  expect(await statusOf(changer.token)).toBe(200);
  expect([await logInStatus(DEMO_PASSWORD), await logInStatus(NEW_PASSWORD)]).toEqual([200, 401]);
});

test('what may not be a password is refused before the current one is looked at', async () => {
  const changer = await platform.logIn(email);
  for (const newPassword of ['', 'seven77', 'x'.repeat(1_025), email, email.toUpperCase(), 12_345_678, null]) {
    const answer = await change(changer, { currentPassword: 'wrong', newPassword });
    expect(answer).toMatchObject({ status: 400, body: { error: { fields: { newPassword: expect.any(String) } } } });
    expect(Object.keys(answer.body.error.fields)).toEqual(['newPassword']);
  }
  const same = { currentPassword: 'ﬁne and long', newPassword: 'fine and long' };
  expect(await change(changer, same)).toMatchObject({
    status: 400,
    body: { error: { fields: { newPassword: 'must not be the one you have' } } },
  });
  expect((await change(changer, { ...good, userId: 1 })).body.error.fields).toEqual({ userId: 'is not known' });
  expect((await change(changer, {})).status).toBe(400);
  expect(await statusOf(changer.token)).toBe(200);
});

test('nobody changes a password who is not logged in', async () => {
  const { token, cookie } = await platform.logIn(email);
  await post('/api/auth/logout', { token });
  expect((await change({ token })).status).toBe(401);
  expect((await change({ cookie })).status).toBe(401);
  expect(await logInStatus(DEMO_PASSWORD)).toBe(200);
});

test('of two changes at once one wins, and only its session goes on', async () => {
  const [one, other] = [await platform.logIn(email), await platform.logIn(email)];
  const passwords = ['the first one', 'the second one'];
  const answers = await Promise.all([
    change(one, { ...good, newPassword: passwords[0] }),
    change(other, { ...good, newPassword: passwords[1] }),
  ]);
  const won = answers.findIndex(({ status }) => status === 200);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, expect.toBeOneOf([400, 401])]);
  expect(await statusOf(answers[won]?.body.token)).toBe(200);
  expect([await statusOf(one.token), await statusOf(other.token)]).toEqual([401, 401]);
  expect(await logInStatus(passwords[won] ?? '')).toBe(200);
  expect(await logInStatus(passwords[1 - won] ?? '')).toBe(401);
});

test('whatever a refresh at the same moment answers is worth nothing afterwards', async () => {
  const changer = await platform.logIn(email);
  const [changed, ...refreshed] = await Promise.all([
    change(changer),
    ...Array.from({ length: 8 }, () => refresh(changer.cookie)),
  ]);
  expect(changed.status).toBe(200);
  for (const { status, body } of refreshed) {
    if (status === 200) expect(await statusOf(body.token)).toBe(401);
  }
  for (const answer of refreshed) expect((await refresh(cookieOf(answer) || changer.cookie)).status).not.toBe(200);
  expect(await statusOf(changed.body.token)).toBe(200);
});

test('guesses of the current password count as those at the log-in, until none is looked at any more', async () => {
  const changer = await platform.logIn(email);
  const wrong = { ...good, currentPassword: 'a guess' };
  let status = 400;
  for (let guesses = 0; guesses < 100 && status === 400; guesses += 1) ({ status } = await change(changer, wrong));
  expect(status).toBe(429);
  expect((await change(changer)).status).toBe(429);
  expect(await statusOf(changer.token)).toBe(200);
});
