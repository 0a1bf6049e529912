import { decodeJwt, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type Call,
  cookieOf,
  START_TIMEOUT_MS,
  startTestPlatform,
  type TestPlatform,
} from '../testing/test-platform.js';

const DAY_MS = 24 * 3_600_000;

const SECRET = 'the secret of these tests, 32 bytes';

let platform: TestPlatform;
let aheadMs = 0;

beforeAll(async () => {
  platform = await startTestPlatform({ AUTH_SECRET: SECRET }, { clock: () => Date.now() + aheadMs });
}, START_TIMEOUT_MS);

beforeEach(() => {
  aheadMs = 0;
});

afterAll(() => platform.remove());

const post = (path: string, call: Call = {}) => platform.call(path, { method: 'POST', ...call });
const refresh = (cookie: string) => post('/api/auth/refresh', { cookie });
const me = (token: string) => platform.call('/api/auth/me', { token });

test('logging in answers a token for 15 minutes and who it is', async () => {
  const { token, expiresAt, user } = await platform.logIn('parent@demo.test');
  expect(user).toEqual({ id: 1, name: 'Olga Petrova', role: 'parent' });
  expect((Date.parse(expiresAt) - Date.now()) / 60_000).toBeCloseTo(15, 0);
  expect(await me(token)).toMatchObject({ status: 200, body: user });
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toEqual({
    iss: 'querycast',
    aud: 'querycast',
    sub: '1',
    sid: expect.any(String),
    role: 'parent',
    iat: expect.any(Number),
    exp: expect.any(Number),
  });
});

test('the refresh token comes as a cookie that scripts and other sites cannot use', async () => {
  const body = { email: 'parent@demo.test', password: 'demo' };
  const plain = await post('/api/auth/login', { body });
  expect(plain.headers.getSetCookie()[0]).toMatch(
    /^querycast_refresh=\S+; Max-Age=\d+; Path=\/api\/auth; .*HttpOnly; SameSite=Strict$/,
  );
  const secure = await post('/api/auth/login', { body, headers: { 'X-Forwarded-Proto': 'https' } });
  expect(secure.headers.getSetCookie()[0]).toMatch(/HttpOnly; Secure; SameSite=Strict$/);
});

test('an address is found however it is written', async () => {
  const body = { email: ' Parent@Demo.TEST ', password: 'demo' };
  expect(await post('/api/auth/login', { body })).toMatchObject({ status: 200 });
});

test('an unknown address and a wrong password are answered alike', async () => {
  const unknown = await post('/api/auth/login', { body: { email: 'nobody@demo.test', password: 'demo' } });
  const wrong = await post('/api/auth/login', { body: { email: 'parent@demo.test', password: 'guess' } });
  expect(unknown.status).toBe(401);
  expect(wrong).toMatchObject({ status: 401, body: unknown.body });
  expect(unknown.headers.getSetCookie()).toEqual([]);
});

test('a body that is no log-in is refused field by field', async () => {
  const answer = await post('/api/auth/login', { body: { email: '', user: 'x' } });
  expect(answer).toMatchObject({ status: 400 });
  expect(Object.keys(answer.body.error.fields).sort()).toEqual(['email', 'password', 'user']);
});

test.each(['nul\u0000@demo.test', 'parent@demo.test\u0007', 'bell\u009f@demo.test'])(
  'the address %j is refused for its control character',
  async (email) => {
    const answer = await post('/api/auth/login', { body: { email, password: 'demo' } });
    expect(answer).toMatchObject({ status: 400, body: { error: { fields: { email: expect.any(String) } } } });
  },
);

test('whatever characters a request carries, it is never the fault of the server', async () => {
  const { token } = await platform.logIn('tutor@demo.test');
  const bodies = ['\u0000', '\ud800', '\u202e', '\ufffe'].flatMap((text) => [
    { email: `a${text}b`, password: text },
    { email: 'a', password: 'b', [text]: text },
    { subjectId: text, teacherId: text },
  ]);
  const paths = ['/api/auth/login', '/api/tutor/students/3/subjects', '/v1/invalidations'];
  for (const path of paths) {
    for (const body of bodies) expect((await post(path, { token, body })).status).toBeLessThan(500);
  }
  for (const text of ['%00', '%0a', '%ff', '%ed%a0%80']) {
    for (const path of [`/api/parent/children/${text}/subjects`, `/api/tutor/students/${text}/subjects/1`]) {
      expect((await platform.call(path, { method: 'DELETE', token })).status).toBeLessThan(500);
    }
    expect((await refresh(`querycast_refresh=${text}`)).status).toBe(401);
    expect((await platform.call(`/api/subjects?q=${text}`, { token })).status).toBe(200);
    expect((await platform.call(`/${text}`)).status).toBeLessThan(500);
  }
});

test('a field whose name every object has is named like any other', async () => {
  const body = '{"email":"a","password":"b","constructor":1,"__proto__":1}';
  const answer = await post('/api/auth/login', { body });
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields).sort()).toEqual(['__proto__', 'constructor']);
});

test('refreshing rotates: a new cookie and a new token of the same session', async () => {
  const { cookie, user } = await platform.logIn('parent@demo.test');
  const answer = await refresh(cookie);
  expect(answer.status).toBe(200);
  // Neither e-mail nor anything else that only the profile needs.
  expect(answer.body.user).toEqual(user);
  expect(cookieOf(answer)).not.toBe(cookie);
  expect((await me(answer.body.token)).status).toBe(200);
  expect((await refresh(cookieOf(answer))).status).toBe(200);
});

test('two tabs that refresh at once both go on, each with its own next cookie', async () => {
  const { cookie } = await platform.logIn('parent@demo.test');
  const [left, right] = await Promise.all([refresh(cookie), refresh(cookie)]);
  aheadMs = 14 * 60_000;
  expect((await refresh(cookieOf(left))).status).toBe(200);
  expect((await refresh(cookieOf(right))).status).toBe(200);
});

test('an old refresh token that turns up later ends the session, for the thief as for the owner', async () => {
  const { cookie, token } = await platform.logIn('parent@demo.test');
  const live = await platform.connect(token);
  const next = cookieOf(await refresh(cookie));
  aheadMs = 31_000;
  const stolen = await refresh(cookie);
  expect(stolen).toMatchObject({ status: 401, body: { error: { code: 'session_over' } } });
  expect(await live.evicted).toBe('logged_out');
  expect((await refresh(next)).status).toBe(401);
  expect((await me(token)).status).toBe(401);
});

test('a refresh without a cookie has nobody to answer with, which is no error', async () => {
  const answer = await post('/api/auth/refresh');
  expect(answer).toMatchObject({ status: 204, body: '' });
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect((await post('/api/auth/refresh', { cookie: 'other=1' })).status).toBe(204);
});

test('a refresh with the cookie of nobody is refused and the cookie taken away', async () => {
  const unknown = await refresh('querycast_refresh=made-up');
  expect(unknown.status).toBe(401);
  expect(unknown.headers.getSetCookie()[0]).toMatch(/^querycast_refresh=;.*Expires=Thu, 01 Jan 1970/);
});

test('a session ends by itself after 30 days', async () => {
  const { cookie } = await platform.logIn('parent@demo.test');
  aheadMs = 30 * DAY_MS + 1;
  expect((await refresh(cookie)).status).toBe(401);
});

test('logging out ends that session everywhere at once and leaves the other one alone', async () => {
  const [a, b] = [await platform.logIn('parent@demo.test'), await platform.logIn('parent@demo.test')];
  const [liveA, liveB] = [await platform.connect(a.token), await platform.connect(b.token)];
  const answer = await post('/api/auth/logout', { token: a.token, cookie: a.cookie });
  expect(answer.status).toBe(204);
  expect(answer.headers.getSetCookie()[0]).toMatch(/^querycast_refresh=;/);
  expect(await liveA.evicted).toBe('logged_out');
  expect(await me(a.token)).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } });
  expect((await refresh(a.cookie)).status).toBe(401);
  await expect(platform.connect(a.token)).rejects.toMatchObject({ code: 'token_invalid' });

  expect((await me(b.token)).status).toBe(200);
  expect((await refresh(b.cookie)).status).toBe(200);
  const mark = await platform.mark('parent:1');
  expect((await liveB.nextFrame()).keys).toEqual([mark]);
});

test('the token says which session logs out, never the cookie of another one', async () => {
  const [a, b] = [await platform.logIn('parent@demo.test'), await platform.logIn('tutor@demo.test')];
  const answer = await post('/api/auth/logout', { token: a.token, cookie: b.cookie });
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect((await me(a.token)).status).toBe(401);
  expect((await me(b.token)).status).toBe(200);
  expect((await post('/api/auth/logout', { token: a.token, cookie: b.cookie })).status).toBe(204);
  expect((await refresh(b.cookie)).status).toBe(200);
});

test('logging out works with an expired token, with the cookie alone, and with nothing', async () => {
  aheadMs = -16 * 60_000;
  const expired = await platform.logIn('parent@demo.test');
  aheadMs = 0;
  expect(await me(expired.token)).toMatchObject({ status: 401, body: { error: { code: 'token_expired' } } });
  await expect(platform.connect(expired.token)).rejects.toMatchObject({ code: 'token_expired' });
  expect((await post('/api/auth/logout', { token: expired.token })).status).toBe(204);
  expect((await refresh(expired.cookie)).status).toBe(401);

  const { cookie, token } = await platform.logIn('parent@demo.test');
  expect((await post('/api/auth/logout', { cookie })).status).toBe(204);
  expect((await me(token)).status).toBe(401);
  expect((await post('/api/auth/logout')).status).toBe(204);
});

test('a token signed with another secret opens nothing and logs nobody out', async () => {
  const { token, cookie } = await platform.logIn('parent@demo.test');
  const forged = `${token.slice(0, token.lastIndexOf('.'))}.${Buffer.alloc(32, 1).toString('base64url')}`;
  expect(await me(forged)).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } });
  await post('/api/auth/logout', { token: forged, cookie });
  expect((await me(token)).status).toBe(200);
});

test('a token of the same secret that another program issued, or for another one, opens nothing', async () => {
  const { token, cookie } = await platform.logIn('parent@demo.test');
  const claims = decodeJwt(token);
  const signed = (changes: Record<string, unknown>) =>
    new SignJWT({ ...claims, ...changes } as JWTPayload)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
  expect((await me(await signed({}))).status).toBe(200);
  for (const changes of [{ aud: undefined }, { aud: 'reports' }, { aud: [] }, { iss: undefined }, { iss: 'reports' }]) {
    const other = await signed(changes);
    expect(await me(other)).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } });
    await expect(platform.connect(other)).rejects.toMatchObject({ code: 'token_invalid' });
    await post('/api/auth/logout', { token: other, cookie });
  }
  expect((await me(token)).status).toBe(200);
});

test('no secret of a session is stored as it is', async () => {
  const { cookie } = await platform.logIn('parent@demo.test');
  const { rows } = (await platform.parts.db.execute('SELECT hash FROM refresh_tokens')) as { rows: { hash: string }[] };
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.map(({ hash }) => hash)).not.toContain(cookie.split('=')[1]);
});
