import { count } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { studentProfiles, users } from '../db/schema.js';
import { IVAN, MARINA, nothing, once } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const VERA = { firstName: 'Vera', lastName: 'Lang', email: 'vera@new.test', password: 'long enough', grade: 5 };
const EVA = { firstName: 'Eva', lastName: 'Lang', email: 'eva@new.test', password: 'long enough too' };
const TUTORS_KEYS = [['tutor-dashboard'], ['tutor-students']] as const;

setScene();

beforeEach(async () => {
  await platform.parts.db.execute("DELETE FROM users WHERE email LIKE '%@new.test'");
  await platform.parts.relay.settled();
  await namesSeenByMarina();
});

const create = (body: object) => everybody.ask(MARINA, 'POST /api/tutor/students', body);

async function namesSeenByMarina(): Promise<string[]> {
  const students: { name: string }[] = await everybody.read(MARINA, '/api/tutor/students');
  const { statistics } = await everybody.read(MARINA, '/api/tutor/dashboard');
  expect(statistics.students).toBe(students.length);
  return students.map(({ name }) => name);
}

/** Somebody new logs in with the password given for them. */
async function logIn({ email, password }: { email: string; password: string }) {
  const { status, body } = await platform.call('/api/auth/login', { method: 'POST', body: { email, password } });
  expect(status).toBe(200);
  return body;
}

async function countRows() {
  const [people] = await platform.parts.db.select({ rows: count() }).from(users);
  const [profiles] = await platform.parts.db.select({ rows: count() }).from(studentProfiles);
  return [people?.rows, profiles?.rows];
}

test('a student who comes in with a new parent is told to the tutor; both can log in, and the parent sees the child', async () => {
  const { answer, heard } = await everybody.hear(() => create({ ...VERA, goal: 'Chess', parent: EVA }));
  expect(answer).toMatchObject({ status: 201, body: { name: 'Vera Lang', grade: 5, goal: 'Chess' } });
  expect(heard).toEqual(once({ [MARINA]: TUTORS_KEYS }));
  expect(await namesSeenByMarina()).toContain('Vera Lang');

  const parent = await logIn(EVA);
  expect(parent.user).toEqual({ id: answer.body.parentId, name: 'Eva Lang', role: 'parent' });
  const dashboard = await platform.call('/api/parent/dashboard', { token: parent.token });
  expect(dashboard.body.children).toMatchObject([{ id: answer.body.id, name: 'Vera Lang', grade: 5 }]);
  const student = await logIn(VERA);
  expect(student.user).toEqual({ id: answer.body.id, name: 'Vera Lang', role: 'student' });
});

test('a student who comes in with a parent who is there already is told to that parent and to the tutor', async () => {
  const before = await everybody.read(IVAN, '/api/parent/dashboard');
  expect(before.statistics.children).toBe(1);
  const { answer, heard } = await everybody.hear(() => create({ ...VERA, parentId: 2 }));
  const { id } = answer.body;
  expect(answer).toMatchObject({ status: 201, body: { parentId: 2 } });
  expect(heard).toEqual(
    once({
      [MARINA]: TUTORS_KEYS,
      [IVAN]: [
        ['parent-dashboard'],
        ['parent-children'],
        ['parent-child-subjects', id],
        ['student-progress', id],
        ['study-plans', id],
        ['student-reports', id],
      ],
    }),
  );
  expect(await namesSeenByMarina()).toContain('Vera Lang');
  expect((await everybody.read(IVAN, '/api/parent/children')).map(({ name }: { name: string }) => name)).toEqual([
    'Lev Sokolov',
    'Vera Lang',
  ]);
  expect((await everybody.read(IVAN, '/api/parent/dashboard')).statistics.children).toBe(2);
  expect(await everybody.read(IVAN, `/api/parent/children/${id}/subjects`)).toEqual([]);
});

test('a student may come in without a parent', async () => {
  const { answer, heard } = await everybody.hear(() => create(VERA));
  expect(answer).toMatchObject({ status: 201, body: { parentId: null, goal: '' } });
  expect(heard).toEqual(once({ [MARINA]: TUTORS_KEYS }));
});

test.each([
  ['email', { ...VERA, email: 'student@demo.test', parent: EVA }],
  ['email', { ...VERA, email: 'Student@Demo.test' }],
  ['parent.email', { ...VERA, parent: { ...EVA, email: 'parent@demo.test' } }],
  ['email', { ...VERA, parent: { ...EVA, email: VERA.email } }],
  ['parentId', { ...VERA, parentId: 8 }],
  ['parentId', { ...VERA, parentId: 2, parent: EVA }],
  ['grade', { ...VERA, grade: 0, parent: EVA }],
  ['parent.password', { ...VERA, parent: { ...EVA, password: 'short' } }],
  ['role', { ...VERA, role: 'admin' }],
  ['tutorId', { ...VERA, tutorId: 1 }],
])('when %s is wrong it is named, nothing is written and nobody is told: %j', async (field, body) => {
  const before = await countRows();
  const { answer, heard } = await everybody.hear(() => create(body));
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  expect(heard).toEqual(nothing);
  expect(await countRows()).toEqual(before);
});
