import { count } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { subjectEnrollments } from '../db/schema.js';
import { ANNA, type DemoRoom, ELENA, MARINA, nothing, OLGA, once, PAVEL } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const SUBJECTS = '/api/tutor/students/3/subjects';
const PHYSICS = { subjectId: 2, teacherId: 6 };
const ENGLISH = { subjectId: 3, teacherId: 7 };

/** What one subject more or less is to Anna's family and tutor. */
const FAMILY = {
  [ANNA]: [['student-dashboard'], ['student-materials'], ['student-progress']],
  [OLGA]: [['parent-dashboard'], ['parent-children'], ['parent-child-subjects', 3], ['student-progress', 3]],
  [MARINA]: [['tutor-dashboard'], ['tutor-students']],
} as const;
/** The right to read one's own reports on a student comes and goes with the lessons. */
const TEACHER = [['teacher-dashboard'], ['teacher-students'], ['student-reports', 3]] as const;

setScene();

afterEach(() => platform.parts.db.execute('DELETE FROM subject_enrollments WHERE id > 3'));

const assign = (body: unknown) => everybody.ask(MARINA, `POST ${SUBJECTS}`, body);
const assignAll = (...subjects: unknown[]) => everybody.ask(MARINA, `POST ${SUBJECTS}/bulk`, { subjects });
const end = (id: number) => everybody.ask(MARINA, `DELETE ${SUBJECTS}/${id}`);

/** Anna's subjects as they are shown to somebody. */
async function seenBy(room: DemoRoom): Promise<string[]> {
  const subjects =
    room === OLGA
      ? (await everybody.read(OLGA, '/api/parent/dashboard')).children[0].subjects
      : room === MARINA
        ? (await everybody.read(MARINA, '/api/tutor/students'))[0].subjects
        : (await everybody.read(ANNA, '/api/student/dashboard')).subjects;
  return subjects.map(({ name }: { name: string }) => name);
}

async function expectSubjects(...names: string[]) {
  for (const room of [OLGA, ANNA, MARINA] as const) expect(await seenBy(room)).toEqual(names);
}

async function studentsOf(room: typeof ELENA | typeof PAVEL): Promise<Record<string, string[]>> {
  const students: { name: string; subjects: { name: string }[] }[] = await everybody.read(
    room,
    '/api/teacher/students',
  );
  return Object.fromEntries(students.map(({ name, subjects }) => [name, subjects.map((subject) => subject.name)]));
}

async function countRows() {
  const [row] = await platform.parts.db.select({ rows: count() }).from(subjectEnrollments);
  return row?.rows;
}

test('several subjects assigned at once are one transaction: each room is told once, whatever it is told', async () => {
  await expectSubjects('Mathematics');
  const { answer, heard } = await everybody.hear(() => assignAll(PHYSICS, ENGLISH));
  expect(answer).toMatchObject({
    status: 200,
    body: [
      { studentId: 3, ...PHYSICS, isActive: true },
      { studentId: 3, ...ENGLISH, isActive: true },
    ],
  });
  expect(heard).toEqual(once({ ...FAMILY, [ELENA]: TEACHER, [PAVEL]: TEACHER }));
  await expectSubjects('English', 'Mathematics', 'Physics');
  expect(await studentsOf(ELENA)).toEqual({ 'Anna Petrova': ['Mathematics', 'Physics'] });
  expect(await studentsOf(PAVEL)).toMatchObject({ 'Anna Petrova': ['English'] });
});

test('one that cannot be assigned keeps all of them from being assigned, and is named by its place', async () => {
  const rows = await countRows();
  const { answer, heard } = await everybody.hear(() => assignAll(PHYSICS, { subjectId: 3, teacherId: 6 }));
  expect(answer).toMatchObject({
    status: 400,
    body: { error: { fields: { 'subjects.1.teacherId': expect.any(String) } } },
  });
  expect(heard).toEqual(nothing);
  expect(await countRows()).toBe(rows);
  await expectSubjects('Mathematics');
});

test.each([
  ['subjects.0.subjectId', [{ subjectId: 99, teacherId: 6 }, PHYSICS]],
  ['subjects.1.teacherId', [PHYSICS, { subjectId: 3, teacherId: 8 }]],
  ['subjects.1.teacherId', [PHYSICS, { subjectId: 3 }]],
  ['subjects', [PHYSICS, PHYSICS]],
  ['subjects', []],
])('a list that is wrong in %s is refused for that and nothing else', async (field, subjects) => {
  const answer = await assignAll(...subjects);
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual([field]);
});

test('of several at once, those assigned already stay as they are, and the new one is told', async () => {
  const first = await assign(PHYSICS);
  const { answer, heard } = await everybody.hear(() => assignAll(PHYSICS, ENGLISH));
  expect(answer.body[0]).toEqual(first.body);
  expect(heard).toEqual(once({ ...FAMILY, [PAVEL]: TEACHER }));
});

test('an assignment that ends tells the same people as one that begins, and ending it twice tells nobody', async () => {
  const { id } = (await assign(PHYSICS)).body;
  await expectSubjects('Mathematics', 'Physics');
  const { answer, heard } = await everybody.hear(() => end(id));
  expect(answer.status).toBe(204);
  expect(heard).toEqual(once({ ...FAMILY, [ELENA]: TEACHER }));
  await expectSubjects('Mathematics');
  expect(await studentsOf(ELENA)).toEqual({ 'Anna Petrova': ['Mathematics'] });

  const again = await everybody.hear(() => end(id));
  expect(again.answer.status).toBe(204);
  expect(again.heard).toEqual(nothing);
});

test('a teacher whose last lesson with a student ends does not see the student any more', async () => {
  const { id } = (await assign(ENGLISH)).body;
  expect(Object.keys(await studentsOf(PAVEL))).toEqual(['Anna Petrova', 'Lev Sokolov', 'Misha Petrov']);
  expect((await everybody.ask(PAVEL, 'GET /api/teacher/students/3/reports')).status).toBe(200);
  const { heard } = await everybody.hear(() => end(id));
  expect(heard).toMatchObject({ [PAVEL]: once({ [PAVEL]: TEACHER })[PAVEL] });
  expect(Object.keys(await studentsOf(PAVEL))).toEqual(['Lev Sokolov', 'Misha Petrov']);
  expect((await everybody.ask(PAVEL, 'GET /api/teacher/students/3/reports')).status).toBe(404);
});

test('an assignment that is taken up again is the same one, and told like a new one', async () => {
  const { id } = (await assign(PHYSICS)).body;
  await end(id);
  await expectSubjects('Mathematics');
  const { answer, heard } = await everybody.hear(() => assign(PHYSICS));
  expect(answer).toMatchObject({ status: 200, body: { id, isActive: true } });
  expect(heard).toEqual(once({ ...FAMILY, [ELENA]: TEACHER }));
  await expectSubjects('Mathematics', 'Physics');
});

test('assigning what is assigned already changes no row: only the explicit call refreshes the dashboard', async () => {
  await assign(PHYSICS);
  const { answer, heard } = await everybody.hear(() => assign(PHYSICS));
  expect(answer.status).toBe(200);
  expect(heard).toEqual(once({ [OLGA]: [['parent-dashboard']] }));
});
