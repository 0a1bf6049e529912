import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  type Answer,
  cookieOf,
  START_TIMEOUT_MS,
  startTestPlatform,
  type TestPlatform,
} from '../testing/test-platform.js';

let platform: TestPlatform;
let warnings: string[] = [];

beforeAll(async () => {
  const warn = (_fields: object, message: string) => void warnings.push(message);
  platform = await startTestPlatform({}, { logger: { debug() {}, info() {}, warn, error() {} } });
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

function post(path: string, headers: Record<string, string>, cookie?: string): Promise<Answer> {
  const body = path === 'login' ? { email: 'parent@demo.test', password: 'demo' } : undefined;
  return platform.call(`/api/auth/${path}`, { method: 'POST', headers, cookie, body });
}

/** How a request came to be, as a proxy says, and whether its cookies are for TLS alone: embedded, and on nodes. */
const WAYS: [protocol: string, host: string, embedded: boolean, onNodes: boolean][] = [
  ['https', 'school.example', true, true],
  ['https', 'localhost', true, true],
  ['http', 'school.example', false, true],
  ['http', '192.168.1.7:3000', false, true],
  ['http', 'localhost.example', false, true],
  ['http', '127.0.0.1.example', false, true],
  ['http', 'localhost:3000', false, false],
  ['http', 'app.localhost', false, false],
  ['http', '127.0.0.1', false, false],
  ['http', '[::1]:3000', false, false],
];

test.each(WAYS)(
  'over %s from %s cookies are for TLS alone: embedded %s, on nodes %s',
  async (protocol, host, embedded, onNodes) => {
    warnings = [];
    const isSecure = inject('postgres') ? onNodes : embedded;
    const way = { 'X-Forwarded-Proto': protocol, 'X-Forwarded-Host': host };
    const [refresh = '', device = ''] = (await post('login', way)).headers.getSetCookie();
    const ending = isSecure
      ? 'Path=\\/; .*HttpOnly; Secure; SameSite=Strict'
      : 'Path=\\/api\\/auth; .*HttpOnly; SameSite=Strict';
    const prefix = isSecure ? '__Host-' : '';
    expect(refresh).toMatch(new RegExp(`^${prefix}querycast_refresh=[\\w-]{43}; Max-Age=2592000; ${ending}$`));
    expect(device).toMatch(new RegExp(`^${prefix}querycast_device=[\\w.-]{66}; Max-Age=34560000; ${ending}$`));
    expect(`${refresh}${device}`).not.toContain('Domain');
    expect(warnings.includes('login over plain http, its cookie is lost')).toBe(isSecure && protocol === 'http');
  },
);

test('over TLS a cookie that a neighbour of the same domain could have set is none', async () => {
  const tls = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'school.example' };
  const cookie = cookieOf(await post('login', tls));
  expect((await post('refresh', tls, cookie.replace('__Host-', ''))).status).toBe(204);
  const next = await post('refresh', tls, cookie);
  expect(next.status).toBe(200);
  expect(cookieOf(next)).toMatch(/^__Host-/);
  const out = await post('logout', tls, cookieOf(next));
  expect(out.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^__Host-querycast_refresh=; Path=\/; Expires=Thu, 01 Jan 1970.*; HttpOnly; Secure; SameSite=Strict$/,
    ),
  ]);
  expect((await post('refresh', tls, cookieOf(next))).status).toBe(401);
});
