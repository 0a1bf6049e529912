import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cookieOf,
  type LoggedIn,
  START_TIMEOUT_MS,
  startTestPlatform,
  type TestPlatform,
} from '../testing/test-platform.js';

const LISTED = 'https://app.example';
/** `own` stands for the address of the platform itself. */
const ORIGINS: [origin: string | undefined, may: boolean][] = [
  [undefined, true],
  ['own', true],
  [LISTED, true],
  ['null', false],
  ['', false],
  ['own0', false],
  ['https://evil.example', false],
  ['http://app.example', false],
  ['https://app.example:8443', false],
  ['https://app.example.evil.example', false],
  ['https://sub.app.example', false],
  ['https://evil.example/https://app.example', false],
  ['http://localhost', false],
  ['file://', false],
];
const SITES: [site: string, may: boolean][] = [
  ['same-origin', true],
  ['none', true],
  ['same-site', false],
  ['cross-site', false],
  ['anything', false],
];

let platform: TestPlatform;
let token: string;

beforeAll(async () => {
  platform = await startTestPlatform({ ALLOWED_ORIGINS: LISTED });
  token = (await platform.logIn('tutor@demo.test')).token;
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

const spelt = (origin: string | undefined) => origin?.replace(/^own/, platform.url);
const from = (origin: string | undefined): Record<string, string> => {
  const written = spelt(origin);
  return written === undefined ? {} : { Origin: written };
};

describe('what has to do with the cookie', () => {
  const ROUTES = ['login', 'refresh', 'logout'] as const;

  let session: LoggedIn | undefined;

  /** With a log-in that goes on from one attempt to the next until it is ended. */
  async function tried(route: (typeof ROUTES)[number], headers: Record<string, string>) {
    session ??= await platform.logIn('parent@demo.test');
    const { cookie, token } = session;
    const what = route === 'login' ? { body: { email: 'parent@demo.test', password: 'demo' } } : { cookie };
    const answer = await platform.call(`/api/auth/${route}`, { method: 'POST', headers, ...what });
    const still = (await platform.call('/api/auth/me', { token })).status;
    const cookies = cookieOf(answer);
    session = still === 200 ? { ...session, cookie: route === 'refresh' && cookies ? cookies : cookie } : undefined;
    return { status: answer.status, code: answer.body?.error?.code, cookies, still };
  }

  const refused = { status: 403, code: 'origin_refused', cookies: '', still: 200 };
  const done = {
    login: { status: 200, still: 200 },
    refresh: { status: 200, still: 200 },
    logout: { status: 204, still: 401 },
  };

  test.each(ORIGINS)('is for pages of the origin %s: %s', async (origin, may) => {
    for (const route of ROUTES) {
      const expected = may ? expect.objectContaining(done[route]) : refused;
      expect(await tried(route, from(origin))).toEqual(expected);
    }
  });

  test.each(SITES)('is for what a browser says comes from %s: %s', async (site, may) => {
    for (const route of ROUTES) {
      const expected = may ? expect.objectContaining(done[route]) : refused;
      // Whoever stands in between may have changed the host.
      for (const origin of [undefined, 'https://elsewhere.example']) {
        expect(await tried(route, { ...from(origin), 'Sec-Fetch-Site': site })).toEqual(expected);
      }
    }
    expect(await tried('refresh', { Origin: LISTED, 'Sec-Fetch-Site': site })).toMatchObject(done.refresh);
  });
});

test.each(ORIGINS)('a socket opens for pages of the origin %s: %s', async (origin, may) => {
  const attempt = platform.connect(token, spelt(origin));
  if (may) expect((await attempt).ready.rooms).toHaveLength(1);
  else await expect(attempt).rejects.toMatchObject({ code: 'origin_refused' });
});

describe('a browser that asks first', () => {
  const ask = (origin: string | undefined, path = '/api/auth/refresh') =>
    platform.call(path, {
      method: 'OPTIONS',
      headers: {
        ...from(origin),
        'Access-Control-Request-Method': 'PATCH',
        'Access-Control-Request-Headers': 'authorization,content-type',
      },
    });

  test.each(ORIGINS)('for a page of the origin %s is told nothing, unless that is listed', async (origin) => {
    const { status, headers } = await ask(origin);
    expect(status).toBe(204);
    const isListed = origin === LISTED;
    expect(headers.get('access-control-allow-origin')).toBe(isListed ? LISTED : null);
    expect(headers.get('vary')).toContain('Origin');
  });

  test('is told what a listed one may do', async () => {
    const { headers } = await ask(LISTED, '/api/tutor/students/3');
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE',
      'access-control-allow-headers': 'Authorization,Content-Type',
      'access-control-max-age': '600',
    });
  });

  test('about the door for publishers is told nothing: it is for programs', async () => {
    expect((await ask(LISTED, '/v1/invalidations')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
