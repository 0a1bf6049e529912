import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LiveSocket, sorted } from '../testing/live-socket.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

const OLGA = 'parent:1';
const IVAN = 'parent:2';
const ANNA = 'student:3';
const ELENA = 'teacher:6';
const MARINA = 'tutor:8';
const EMAILS = {
  [OLGA]: 'parent@demo.test',
  [IVAN]: 'parent2@demo.test',
  [ANNA]: 'student@demo.test',
  [ELENA]: 'teacher@demo.test',
  [MARINA]: 'tutor@demo.test',
} as const;
type Watched = keyof typeof EMAILS;

const PARENTS_LISTS = sorted([['parent-dashboard'], ['parent-children']]);
const TUTORS_LISTS = sorted([['tutor-dashboard'], ['tutor-students']]);
const STUDENTS_DASHBOARD = ['["student-dashboard"]'];
const TEACHERS_LIST = ['["teacher-students"]'];

/** All that a parent sees of a child. */
const parentsKeys = (studentId: number, ...others: [string][]) =>
  sorted([
    ['parent-dashboard'],
    ['parent-children'],
    ['parent-child-subjects', studentId],
    ['student-progress', studentId],
    ['study-plans', studentId],
    ['student-reports', studentId],
    ...others,
  ]);

let platform: TestPlatform;
const live = new Map<Watched, { socket: LiveSocket; token: string }>();

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.parts.relay.settled();
  for (const [room, email] of Object.entries(EMAILS) as [Watched, string][]) {
    const { token } = await platform.logIn(email);
    live.set(room, { socket: await platform.connect(token), token });
  }
}, START_TIMEOUT_MS);

beforeEach(async () => {
  await write('UPDATE student_profiles SET parent_id = 1, tutor_id = 8 WHERE user_id IN (3, 4)');
  await write("DELETE FROM users WHERE email LIKE '%@new.test'");
  await write(`INSERT INTO users (id, email, password_hash, role, first_name, last_name)
    VALUES (100, 'new@new.test', '', 'student', 'Vera', 'Petrova'), (101, 'mother@new.test', '', 'parent', 'Eva', 'Lang')`);
});

afterAll(() => platform.remove());

/** Writes past the API; answers what each room was told, once all of it has left. */
async function write(statement: string) {
  await platform.parts.db.execute(sql.raw(statement));
  await platform.parts.relay.settled();
  const told: Record<string, string[]> = {};
  for (const [room, { socket }] of live) {
    const mark = JSON.stringify(await platform.mark(room));
    const keys: string[] = [];
    while (!keys.includes(mark)) keys.push(...sorted((await socket.nextFrame()).keys));
    const rest = keys.filter((key) => key !== mark);
    if (rest.length > 0) told[room] = rest;
  }
  return told;
}

async function read(room: Watched, path: string): Promise<string[]> {
  const { body } = await platform.call(path, { token: live.get(room)?.token });
  return (body.children ?? body).map(({ name }: { name: string }) => name);
}

const seenBy = async (room: typeof OLGA | typeof IVAN) => [
  await read(room, '/api/parent/children'),
  await read(room, '/api/parent/dashboard'),
];

test('a student who comes in is shown to parent and tutor', async () => {
  await seenBy(OLGA);
  await read(MARINA, '/api/tutor/students');
  const told = await write('INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade) VALUES (100, 1, 8, 2)');
  expect(told).toEqual({ [OLGA]: parentsKeys(100), [MARINA]: TUTORS_LISTS });
  for (const children of await seenBy(OLGA)) expect(children).toContain('Vera Petrova');
  expect(await read(MARINA, '/api/tutor/students')).toContain('Vera Petrova');
});

test('a student who moves to another parent is shown to that one, and to the first no longer', async () => {
  await write('INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade) VALUES (100, 1, NULL, 2)');
  for (const room of [OLGA, IVAN] as const) await seenBy(room);
  const told = await write('UPDATE student_profiles SET parent_id = 2 WHERE user_id = 100');
  expect(told).toEqual({ [OLGA]: parentsKeys(100), [IVAN]: parentsKeys(100) });
  for (const children of await seenBy(OLGA)) expect(children).not.toContain('Vera Petrova');
  for (const children of await seenBy(IVAN)) expect(children).toContain('Vera Petrova');
});

test("with a child come and go the tutor's reports on it, to whichever parent they were sent", async () => {
  // One was sent to Olga about Misha, and none to anybody about Anna.
  expect(await write('UPDATE student_profiles SET parent_id = 2 WHERE user_id = 3')).toEqual({
    [OLGA]: parentsKeys(3),
    [IVAN]: parentsKeys(3),
    [MARINA]: ['["tutor-students"]'],
  });
  const token = live.get(OLGA)?.token;
  const reports = async () => (await platform.call('/api/tutor-weekly-reports', { token })).body;
  expect(await reports()).toHaveLength(1);
  expect(await write('UPDATE student_profiles SET parent_id = 2 WHERE user_id = 4')).toEqual({
    [OLGA]: parentsKeys(4, ['tutor-weekly-reports']),
    [IVAN]: parentsKeys(4),
    [MARINA]: ['["tutor-students"]'],
  });
  expect(await reports()).toEqual([]);
  expect(await write('UPDATE student_profiles SET parent_id = 1 WHERE user_id = 4')).toMatchObject({
    [OLGA]: parentsKeys(4, ['tutor-weekly-reports']),
  });
  expect(await reports()).toHaveLength(1);
});

test('a new grade or goal is shown to parent, tutor, teacher and the student', async () => {
  const told = {
    [OLGA]: PARENTS_LISTS,
    [ANNA]: STUDENTS_DASHBOARD,
    [ELENA]: TEACHERS_LIST,
    [MARINA]: TUTORS_LISTS,
  };
  expect(await write('UPDATE student_profiles SET grade = 3 WHERE user_id = 3')).toEqual(told);
  expect(await write("UPDATE student_profiles SET goal = 'Chess' WHERE user_id = 3")).toEqual(told);
});

test('a student who is deleted with all enrollments disappears for parent, tutor and teacher', async () => {
  await write('INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade) VALUES (100, 1, 8, 2)');
  await write('INSERT INTO subject_enrollments (student_id, subject_id, teacher_id) VALUES (100, 1, 6)');
  for (const children of await seenBy(OLGA)) expect(children).toContain('Vera Petrova');
  expect(await read(ELENA, '/api/teacher/students')).toContain('Vera Petrova');
  const told = await write('DELETE FROM users WHERE id = 100');
  expect(told).toEqual({
    [OLGA]: parentsKeys(100),
    [ELENA]: sorted([['teacher-dashboard'], ['teacher-students'], ['student-reports', 100]]),
    [MARINA]: TUTORS_LISTS,
  });
  for (const children of await seenBy(OLGA)) expect(children).not.toContain('Vera Petrova');
  expect(await read(MARINA, '/api/tutor/students')).not.toContain('Vera Petrova');
  expect(await read(ELENA, '/api/teacher/students')).not.toContain('Vera Petrova');
});

test('a tutor hears that the parent of a student was deleted', async () => {
  await write('INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade) VALUES (100, 101, 8, 2)');
  expect(await write('DELETE FROM users WHERE id = 101')).toEqual({ [MARINA]: ['["tutor-students"]'] });
});
