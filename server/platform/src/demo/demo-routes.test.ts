import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

let platform: TestPlatform;
let olga: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  olga = (await platform.logIn('parent@demo.test')).token;
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

const POSTS = ['/api/demo/changes', '/api/demo/restart-gateway'];

test('only a node that is alone offers to restart its gateway', async () => {
  const isAlone = 'DATA_DIR' in platform.place.variables;
  expect(await platform.call('/api/demo/capabilities')).toMatchObject({
    status: 200,
    body: { restartGateway: isAlone },
  });
  if (isAlone) return;
  expect(await platform.call('/api/demo/restart-gateway', { method: 'POST', token: olga })).toMatchObject({
    status: 404,
  });
});

test('the dashboard past the caches is what the parent sees, and of parents alone', async () => {
  const direct = await platform.call('/api/demo/dashboard', { token: olga });
  expect(direct.status).toBe(200);
  expect(direct.body).toEqual((await platform.call('/api/parent/dashboard', { token: olga })).body);
  const { token } = await platform.logIn('tutor@demo.test');
  expect(await platform.call('/api/demo/dashboard', { token })).toMatchObject({ status: 403 });
  expect(await platform.call('/api/demo/dashboard')).toMatchObject({ status: 401 });
});

test('without a good token nothing is done', async () => {
  for (const token of [undefined, 'made-up']) {
    expect(await platform.call('/api/demo/changes', { method: 'POST', token })).toMatchObject({ status: 401 });
  }
});

test('somebody who is not of the demo may do nothing with it', async () => {
  const { token: admin } = await platform.logIn('admin@demo.test');
  const names = { firstName: 'Tom', lastName: 'Real' };
  const login = { email: 'tom@example.org', password: 'long enough' };
  const body = { ...names, ...login, role: 'parent' };
  await platform.call('/api/admin/users', { method: 'POST', token: admin, body });
  const { token } = (await platform.call('/api/auth/login', { method: 'POST', body: login })).body;
  expect(await platform.call('/api/demo/changes', { method: 'POST', token })).toMatchObject({ status: 403 });
  expect(await platform.call('/api/demo/dashboard', { token })).toMatchObject({ status: 403 });
});

test(
  'without demo data there is none of it',
  async () => {
    const plain = await startTestPlatform({ DEMO_DATA: 'false' });
    onTestFinished(() => plain.remove());
    for (const path of POSTS) expect(await plain.call(path, { method: 'POST' })).toMatchObject({ status: 404 });
    for (const path of ['/api/demo/capabilities', '/api/demo/dashboard']) {
      expect(await plain.call(path)).toMatchObject({ status: 404 });
    }
  },
  START_TIMEOUT_MS,
);
