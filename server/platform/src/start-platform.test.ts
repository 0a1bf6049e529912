import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { POSITION_HEADER, PROTOCOL_VERSION } from '@querycast/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from './config.js';
import { startPlatform } from './start-platform.js';
import { connectMute } from './testing/mute-socket.js';
import { createTestPlace } from './testing/test-place.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from './testing/test-platform.js';

const PUBLISH_TOKEN = 'publish-token-of-this-file';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ ALLOWED_ORIGINS: 'https://app.example', PUBLISH_TOKEN });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await platform.remove();
});

test('it is healthy and ready, and shows its metrics', async () => {
  expect((await platform.call('/healthz')).status).toBe(200);
  expect((await platform.call('/readyz')).status).toBe(200);
  expect((await platform.call('/metrics')).body).toContain('querycast_');
});

test(
  'a taken port is refused in one sentence, and its place is free again',
  async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const place = await createTestPlace();
    const config = readConfig({ ...place.variables, PORT: String(port) });
    await expect(startPlatform(config)).rejects.toMatchObject({
      code: 'address_unusable',
      message: expect.stringContaining(`PORT ${port}, because it is already in use`),
    });
    other.close();
    const next = await startTestPlatform({}, {}, place);
    await next.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'closing ends sockets and requests and may be asked twice; the next start finds everything still there',
  async () => {
    const first = await startTestPlatform();
    const marina = await first.logIn('tutor@demo.test');
    await first.connect(marina.token);
    const body = { subjectId: 2, teacherId: 6 };
    await first.call('/api/tutor/students/3/subjects', { method: 'POST', token: marina.token, body });
    const closing = Promise.all([first.close(), first.close()]);
    // A socket that stays: meanwhile no load balancer sends anybody new, and whoever has come is served.
    expect(await first.call('/readyz')).toMatchObject({ status: 503 });
    expect((await first.call('/api/auth/me', { token: marina.token })).status).toBe(200);
    await closing;
    await expect(first.call('/healthz')).rejects.toThrow('fetch failed');

    const second = await startTestPlatform({}, {}, first.place);
    const { body: students } = await second.call('/api/tutor/students', { token: marina.token });
    expect(students).toHaveLength(3);
    expect(students[0].subjects.map(({ name }: { name: string }) => name)).toEqual(['Mathematics', 'Physics']);
    await second.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'closing takes less than 5 s, whatever clients do: mute sockets, requests that never end',
  async () => {
    const stopped = await startTestPlatform();
    const { token } = await stopped.logIn('parent@demo.test');
    const hello = `40${JSON.stringify({ token, protocol: PROTOCOL_VERSION })}`;
    const mute = [
      await connectMute(stopped.url, '/socket.io/', hello, '"ready"'),
      await connectMute(stopped.url, '/demo/hand-written/', hello, '40{'),
    ];
    const { port } = new URL(stopped.url);
    const endless = connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true }).on('error', () => {});
    await once(endless, 'connect');
    endless.write('POST /api/auth/login HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n');
    await once(endless, 'data');
    const askedAt = Date.now();
    await stopped.close();
    expect(Date.now() - askedAt).toBeLessThan(5_000);
    await Promise.all(mute.map(({ cut }) => cut));
    await expect(stopped.call('/healthz')).rejects.toThrow('fetch failed');
    await stopped.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'without demo data there is nobody, no list of accounts and no comparison',
  async () => {
    const empty = await startTestPlatform({ DEMO_DATA: 'false' });
    expect((await empty.call('/api/demo/accounts')).status).toBe(404);
    const body = { email: 'parent@demo.test', password: 'demo' };
    expect((await empty.call('/api/auth/login', { method: 'POST', body })).status).toBe(401);
    await empty.remove();
  },
  START_TIMEOUT_MS,
);

test(
  'demo people of an earlier start can do nothing without the flag, and with it log in to the same data again',
  async () => {
    const first = await startTestPlatform();
    const marina = await first.logIn('tutor@demo.test');
    const body = { subjectId: 2, teacherId: 6 };
    await first.call('/api/tutor/students/3/subjects', { method: 'POST', token: marina.token, body });
    await first.close();

    const closed = await startTestPlatform({ DEMO_DATA: 'false' }, {}, first.place);
    await expect(closed.logIn('admin@demo.test')).rejects.toThrow('401');
    const { cookie } = marina;
    expect((await closed.call('/api/auth/refresh', { method: 'POST', cookie })).status).toBe(401);
    expect((await closed.call('/api/auth/me', { token: marina.token })).status).toBe(401);
    await expect(closed.connect(marina.token)).rejects.toMatchObject({ code: 'token_invalid' });
    await closed.close();

    const open = await startTestPlatform({}, {}, first.place);
    expect((await open.call('/api/auth/me', { token: marina.token })).status).toBe(401);
    expect((await open.call('/api/auth/refresh', { method: 'POST', cookie })).status).toBe(401);
    const { token } = await open.logIn('tutor@demo.test');
    expect((await open.call('/api/tutor/students', { token })).body[0].subjects).toHaveLength(2);
    await open.remove();
  },
  START_TIMEOUT_MS,
);

test('the HTTP door publishes with its token and with no other', async () => {
  const { token } = await platform.logIn('parent@demo.test');
  const live = await platform.connect(token);
  const body = { rooms: ['parent:1'], keys: [['parent-dashboard']] };
  const publish = (bearer: string) => platform.call('/v1/invalidations', { method: 'POST', token: bearer, body });
  expect((await publish(token)).status).toBe(401);
  const answer = await publish(PUBLISH_TOKEN);
  expect(answer).toMatchObject({ status: 202, body: { positions: { 'parent:1': expect.any(String) } } });
  expect((await live.nextFrame()).position).toBe(answer.body.positions['parent:1']);
});

test('every page is index.html, files are files, and the API never answers a page', async () => {
  const headers = { Accept: 'text/html' };
  for (const path of ['/', '/demo', '/parent/children/3']) {
    const page = await platform.call(path, { headers });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>Platform</title>') });
    expect(page.headers.get('cache-control')).toBe('no-cache');
  }
  expect((await platform.call('/favicon.svg')).headers.get('content-type')).toContain('image/svg');
  expect((await platform.call('/assets/gone-1234.js', { headers })).status).toBe(404);
  expect((await platform.call('/api/gone', { headers })).body.error.code).toBe('not_found');
  expect((await platform.call('/demo', { method: 'POST', headers })).status).toBe(404);
});

test('pages may run no inline script and open sockets to this host only', async () => {
  const { headers } = await platform.call('/', { headers: { Accept: 'text/html' } });
  const policy = headers.get('content-security-policy');
  const host = new URL(platform.url).host;
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host};`);
});

test('pages of a listed origin may read the API with its position, pages of another may not', async () => {
  const { token } = await platform.logIn('parent@demo.test');
  const from = (Origin: string) => platform.call('/api/parent/dashboard', { token, headers: { Origin } });
  const listed = await from('https://app.example');
  expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.example');
  expect(listed.headers.get('access-control-allow-credentials')).toBe('true');
  expect(listed.headers.get('access-control-expose-headers')).toContain(POSITION_HEADER);
  expect((await from('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
});

test('sockets open for its own pages and those of a listed origin, not for those of another', async () => {
  const { token } = await platform.logIn('parent@demo.test');
  for (const origin of [platform.url, 'https://app.example']) {
    expect((await platform.connect(token, origin)).ready.rooms).toHaveLength(1);
  }
  await expect(platform.connect(token, 'https://evil.example')).rejects.toMatchObject({ code: 'origin_refused' });
});
