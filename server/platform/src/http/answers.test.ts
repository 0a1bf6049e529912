import type { AdminUser, DemoAccount, Profile, Subject } from '@querycast/platform-protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

let platform: TestPlatform;
let tutorsToken: string;
let statements: string[] = [];

beforeAll(async () => {
  platform = await startTestPlatform({}, { onStatement: (statement) => statements.push(statement) });
  tutorsToken = (await platform.logIn('tutor@demo.test')).token;
}, START_TIMEOUT_MS);

beforeEach(() => {
  statements = [];
});

afterAll(() => platform.remove());

const read = (path: string) => platform.call(path, { token: tutorsToken });

test('a request is authenticated once, however many guards it passes', async () => {
  const body = { goal: 'Chess' };
  await platform.call('/api/tutor/students/3', { method: 'PATCH', token: tutorsToken, body });
  expect(statements.filter((statement) => statement.includes('"sessions"'))).toHaveLength(1);
});

test('answers are never stored by anybody on the way, refusals included', async () => {
  for (const path of ['/api/tutor/dashboard', '/api/subjects', '/api/parent/dashboard', '/api/unknown']) {
    const { headers } = await read(path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('etag')).toBeNull();
  }
});

test('whoever is logged in is told who that is', async () => {
  expect((await read('/api/auth/me')).body).toEqual({
    id: 8,
    name: 'Marina Belova',
    role: 'tutor',
    firstName: 'Marina',
    lastName: 'Belova',
    email: 'tutor@demo.test',
  } satisfies Profile);
});

test('subjects come with those who teach them', async () => {
  const subjects: Subject[] = (await read('/api/subjects')).body;
  expect(subjects.map(({ name }) => name)).toEqual(['English', 'Mathematics', 'Physics']);
  expect(subjects[2]).toEqual({
    id: 2,
    name: 'Physics',
    color: '#12b886',
    description: expect.any(String),
    teachers: [{ id: 6, name: 'Elena Orlova' }],
  } satisfies Subject);
});

test('an administrator sees everybody, without anything secret', async () => {
  const { token } = await platform.logIn('admin@demo.test');
  const { body } = await platform.call('/api/admin/users', { token });
  expect(body).toHaveLength(9);
  expect(body[0]).toEqual({
    id: 1,
    email: 'parent@demo.test',
    role: 'parent',
    firstName: 'Olga',
    lastName: 'Petrova',
    isActive: true,
  } satisfies AdminUser);
});

test('the demo accounts are offered, without anything secret', async () => {
  const { body } = await platform.call('/api/demo/accounts');
  expect(body[0]).toEqual({
    email: 'parent@demo.test',
    name: 'Olga Petrova',
    role: 'parent',
    note: expect.any(String),
  } satisfies DemoAccount);
  expect(body).toHaveLength(9);
});
