import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

const PEOPLE = {
  olga: 'parent@demo.test',
  ivan: 'parent2@demo.test',
  anna: 'student@demo.test',
  elena: 'teacher@demo.test',
  marina: 'tutor@demo.test',
  admin: 'admin@demo.test',
} as const;
type Person = keyof typeof PEOPLE | 'stranger';

/** What each person gets from each route; Olga's children are 3 and 4, Ivan's is 5. */
const MATRIX: Record<string, Record<Person, number>> = {
  'GET /api/auth/me': { stranger: 401, olga: 200, ivan: 200, anna: 200, elena: 200, marina: 200, admin: 200 },
  'GET /api/subjects': { stranger: 401, olga: 200, ivan: 200, anna: 200, elena: 200, marina: 200, admin: 200 },
  'GET /api/parent/dashboard': { stranger: 401, olga: 200, ivan: 200, anna: 403, elena: 403, marina: 403, admin: 403 },
  'GET /api/parent/children': { stranger: 401, olga: 200, ivan: 200, anna: 403, elena: 403, marina: 403, admin: 403 },
  'GET /api/parent/children/3/subjects': {
    stranger: 401,
    olga: 200,
    ivan: 404,
    anna: 403,
    elena: 403,
    marina: 403,
    admin: 403,
  },
  'GET /api/parent/children/99/subjects': {
    stranger: 401,
    olga: 404,
    ivan: 404,
    anna: 403,
    elena: 403,
    marina: 403,
    admin: 403,
  },
  'GET /api/parent/children/0x3/subjects': {
    stranger: 401,
    olga: 404,
    ivan: 404,
    anna: 403,
    elena: 403,
    marina: 403,
    admin: 403,
  },
  'GET /api/tutor/students': { stranger: 401, olga: 403, ivan: 403, anna: 403, elena: 403, marina: 200, admin: 403 },
  'POST /api/tutor/students/3/subjects': {
    stranger: 401,
    olga: 403,
    ivan: 403,
    anna: 403,
    elena: 403,
    marina: 200,
    admin: 403,
  },
  'POST /api/tutor/students/1/subjects': {
    stranger: 401,
    olga: 403,
    ivan: 403,
    anna: 403,
    elena: 403,
    marina: 404,
    admin: 403,
  },
  'DELETE /api/tutor/students/3/subjects/2': {
    stranger: 401,
    olga: 403,
    ivan: 403,
    anna: 403,
    elena: 403,
    marina: 404,
    admin: 403,
  },
  'GET /api/unknown': { stranger: 404, olga: 404, ivan: 404, anna: 404, elena: 404, marina: 404, admin: 404 },
};

let platform: TestPlatform;
let statements: string[] = [];
const tokens = new Map<Person, string>();

beforeAll(async () => {
  platform = await startTestPlatform({}, { onStatement: (statement) => statements.push(statement) });
  for (const [person, email] of Object.entries(PEOPLE)) {
    tokens.set(person as Person, (await platform.logIn(email)).token);
  }
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

function send(route: string, person: Person): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  // Mathematics with Elena: Anna has it already, so that a permitted POST changes nothing.
  const body = method === 'POST' ? { subjectId: 1, teacherId: 6 } : undefined;
  return platform.call(path, { method, token: tokens.get(person), body });
}

describe.each(Object.entries(MATRIX))('%s', (route, row) => {
  test.each(Object.entries(row) as [Person, number][])('answers %s with %i', async (person, status) => {
    const answer = await send(route, person);
    expect(answer.status).toBe(status);
    if (status >= 400) expect(answer.body.error).toEqual({ code: expect.any(String), message: expect.any(String) });
  });
});

test('a request is authenticated once, however many guards it passes', async () => {
  statements = [];
  await send('GET /api/tutor/students', 'marina');
  expect(statements.filter((statement) => statement.includes('"sessions"'))).toHaveLength(1);
});

test("somebody else's child and a child that does not exist are answered alike", async () => {
  const foreign = await send('GET /api/parent/children/5/subjects', 'olga');
  const unknown = await send('GET /api/parent/children/99/subjects', 'olga');
  expect(foreign.body).toEqual(unknown.body);
});

test('each parent sees their own children and nobody else', async () => {
  const olgas = await send('GET /api/parent/dashboard', 'olga');
  expect(olgas.body).toEqual({
    parent: { id: 1, name: 'Olga Petrova' },
    children: [
      expect.objectContaining({ id: 3, name: 'Anna Petrova', grade: 7, tutor: { id: 8, name: 'Marina Belova' } }),
      expect.objectContaining({ id: 4, name: 'Misha Petrov', grade: 4 }),
    ],
    statistics: { children: 2, subjects: 2 },
  });
  const ivans = await send('GET /api/parent/children', 'ivan');
  expect(ivans.body).toEqual([
    {
      id: 5,
      name: 'Lev Sokolov',
      grade: 9,
      goal: expect.any(String),
      tutor: { id: 8, name: 'Marina Belova' },
      subjects: 1,
    },
  ]);
});

test('what the tutor and the lookup answer has the promised shape', async () => {
  const students = await send('GET /api/tutor/students', 'marina');
  expect(students.body.map(({ name }: { name: string }) => name)).toEqual([
    'Anna Petrova',
    'Lev Sokolov',
    'Misha Petrov',
  ]);
  expect(students.body[0]).toEqual({
    id: 3,
    name: 'Anna Petrova',
    grade: 7,
    goal: expect.any(String),
    parent: { id: 1, name: 'Olga Petrova' },
    subjects: [
      {
        enrollmentId: 1,
        subjectId: 1,
        name: 'Mathematics',
        color: expect.stringMatching(/^#[0-9a-f]{6}$/),
        teacher: { id: 6, name: 'Elena Orlova' },
      },
    ],
  });
  const subjects = await send('GET /api/subjects', 'marina');
  expect(subjects.body.map(({ name }: { name: string }) => name)).toEqual(['English', 'Mathematics', 'Physics']);
  expect(subjects.body[2]).toMatchObject({ id: 2, teachers: [{ id: 6, name: 'Elena Orlova' }] });
});

test('answers are never stored by anybody on the way', async () => {
  const { headers } = await send('GET /api/parent/dashboard', 'olga');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('etag')).toBeNull();
});

test('the demo accounts are offered, without anything secret', async () => {
  const { body } = await platform.call('/api/demo/accounts');
  expect(body[0]).toEqual({
    email: 'parent@demo.test',
    name: 'Olga Petrova',
    role: 'parent',
    note: expect.any(String),
  });
  expect(body).toHaveLength(9);
});
