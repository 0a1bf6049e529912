import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

const HTTPS = { 'X-Forwarded-Proto': 'https' };

test.each(['/', '/login', '/api/auth/me', '/api/unknown', '/healthz', '/v1/invalidations', '/assets/none.js'])(
  '%s says what its page may do, and that is little',
  async (path) => {
    const { headers } = await platform.call(path);
    const { host } = new URL(platform.url);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': [
        "default-src 'self'",
        "base-uri 'none'",
        `connect-src 'self' ws://${host} wss://${host}`,
        "font-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
      ].join(';'),
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringMatching(/^camera=\(\), .*geolocation=\(\), microphone=\(\)/),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers.get('x-powered-by')).toBeNull();
  },
);

test('who came over https comes back over https; over plain http nothing is promised', async () => {
  const secure = (await platform.call('/', { headers: HTTPS })).headers;
  expect(secure.get('strict-transport-security')).toBe('max-age=15552000');
  expect(secure.get('cross-origin-opener-policy')).toBe('same-origin');
  const plain = (await platform.call('/')).headers;
  expect(plain.get('strict-transport-security')).toBeNull();
  expect(plain.get('cross-origin-opener-policy')).toBeNull();
});

test.each(["evil'; script-src *", 'a b', 'x'.repeat(300)])(
  'the host %j does not become part of a policy',
  async (host) => {
    const asked = request(platform.url, { headers: { Host: host } }).end();
    const [{ headers }] = (await once(asked, 'response')) as [IncomingMessage];
    expect(headers['content-security-policy']).toContain(";connect-src 'self' 'self';");
  },
);
