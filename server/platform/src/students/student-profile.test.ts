import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LiveSocket, sorted } from '../testing/live-socket.js';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

const OLGA = 'parent:1';
const IVAN = 'parent:2';
const MARINA = 'tutor:8';
const TUTORS_KEYS = ['["tutor-students"]'];

let platform: TestPlatform;
const live = new Map<typeof OLGA | typeof IVAN | typeof MARINA, { socket: LiveSocket; token: string }>();

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.parts.relay.settled();
  for (const [room, email] of [
    [OLGA, 'parent@demo.test'],
    [IVAN, 'parent2@demo.test'],
    [MARINA, 'tutor@demo.test'],
  ] as const) {
    const { token } = await platform.logIn(email);
    live.set(room, { socket: await platform.connect(token), token });
  }
}, START_TIMEOUT_MS);

beforeEach(async () => {
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

const parentsKeys = (studentId: number) =>
  sorted([['parent-dashboard'], ['parent-children'], ['parent-child-subjects', studentId]]);

async function read(room: typeof OLGA | typeof IVAN | typeof MARINA, path: string): Promise<string[]> {
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
  expect(told).toEqual({ [OLGA]: parentsKeys(100), [MARINA]: TUTORS_KEYS });
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

test('a new grade or goal is shown to parent and tutor', async () => {
  await write('INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade) VALUES (100, 1, 8, 2)');
  const told = { [OLGA]: parentsKeys(100), [MARINA]: TUTORS_KEYS };
  expect(await write('UPDATE student_profiles SET grade = 3 WHERE user_id = 100')).toEqual(told);
  expect(await write("UPDATE student_profiles SET goal = 'Chess' WHERE user_id = 100")).toEqual(told);
});

test('a student who is deleted with all enrollments disappears for parent and tutor', async () => {
  await write('INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade) VALUES (100, 1, 8, 2)');
  await write('INSERT INTO subject_enrollments (student_id, subject_id, teacher_id) VALUES (100, 1, 6)');
  for (const children of await seenBy(OLGA)) expect(children).toContain('Vera Petrova');
  const told = await write('DELETE FROM users WHERE id = 100');
  expect(told).toEqual({ [OLGA]: parentsKeys(100), [MARINA]: TUTORS_KEYS });
  for (const children of await seenBy(OLGA)) expect(children).not.toContain('Vera Petrova');
  expect(await read(MARINA, '/api/tutor/students')).not.toContain('Vera Petrova');
});

test('a tutor hears that the parent of a student was deleted', async () => {
  await write('INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade) VALUES (100, 101, 8, 2)');
  expect(await write('DELETE FROM users WHERE id = 101')).toEqual({ [MARINA]: TUTORS_KEYS });
});
