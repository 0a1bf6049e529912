import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { ANNA, type DemoRoom, ELENA, IVAN, LEV, MARINA, MISHA, nothing, OLGA, once } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const MATERIALS = '/api/teacher/materials';

const AUTHOR = [['teacher-dashboard'], ['teacher-materials'], ['teacher-students']] as const;
const STUDENT = [['student-dashboard'], ['student-materials'], ['student-progress']] as const;
const TUTOR = [['tutor-dashboard'], ['tutor-students']] as const;

/** Of Elena, active; nobody has it. All three learn with her. */
let materialId: number;

setScene();

beforeAll(async () => {
  for (const studentId of [4, 5]) {
    await everybody.ask(MARINA, `POST /api/tutor/students/${studentId}/subjects`, { subjectId: 1, teacherId: 6 });
  }
});

beforeEach(async () => {
  await platform.parts.db.execute('DELETE FROM materials WHERE id > 5');
  const body = { subjectId: 1, title: 'Angles of a triangle', type: 'lesson', status: 'active' };
  materialId = (await everybody.ask(ELENA, `POST ${MATERIALS}`, body)).body.id;
});

const assign = (...studentIds: number[]) =>
  everybody.ask(ELENA, `PUT ${MATERIALS}/${materialId}/assignments`, { studentIds });

/** Whether this student sees the material. */
async function has(student: typeof ANNA | typeof MISHA | typeof LEV) {
  const subjects: { materials: { id: number }[] }[] = await everybody.read(student, '/api/student/materials');
  return subjects.some(({ materials }) => materials.some(({ id }) => id === materialId));
}

/** How many materials of a child count, in every read that counts them. */
async function countsFor(parent: DemoRoom, studentId: number): Promise<number> {
  const { children } = await everybody.read(parent, '/api/parent/dashboard');
  const child = children.find(({ id }: { id: number }) => id === studentId);
  const { materials } = await everybody.read(parent, `/api/parent/children/${studentId}/progress`);
  const tutored = await everybody.read(MARINA, '/api/tutor/students');
  expect([materials, tutored.find(({ id }: { id: number }) => id === studentId).materials]).toEqual([
    child.materials,
    child.materials,
  ]);
  return child.materials;
}

test('an active material without students is told to the author alone', async () => {
  const body = { subjectId: 1, title: 'Angles of a square', type: 'video', status: 'active' };
  const { heard } = await everybody.hear(() => everybody.ask(ELENA, `POST ${MATERIALS}`, body));
  expect(heard).toEqual(once({ [ELENA]: [['teacher-dashboard'], ['teacher-materials']] }));
  expect((await everybody.read(ELENA, '/api/teacher/dashboard')).statistics.materials).toBe(4);
});

test('a material that is assigned is told to those who gain it, to those who follow them, and to the author', async () => {
  const [annas, mishas] = [await countsFor(OLGA, 3), await countsFor(OLGA, 4)];
  const { answer, heard } = await everybody.hear(() => assign(3, 4));
  expect(answer).toMatchObject({ status: 200, body: { studentIds: [3, 4] } });
  expect(heard).toEqual(
    once({
      [ELENA]: AUTHOR,
      [ANNA]: STUDENT,
      [MISHA]: STUDENT,
      [OLGA]: [['parent-dashboard'], ['student-progress', 3], ['student-progress', 4]],
      [MARINA]: TUTOR,
    }),
  );
  expect([await has(ANNA), await has(MISHA), await has(LEV)]).toEqual([true, true, false]);
  expect([await countsFor(OLGA, 3), await countsFor(OLGA, 4)]).toEqual([annas + 1, mishas + 1]);
  const [newest] = await everybody.read(ELENA, MATERIALS);
  expect(newest.students.map(({ id }: { id: number }) => id)).toEqual([3, 4]);
});

test('another set is told to those who lose it and those who gain it, never to those who keep it', async () => {
  await assign(3, 4);
  await platform.parts.relay.settled();
  const counts = async () => [await countsFor(OLGA, 3), await countsFor(OLGA, 4), await countsFor(IVAN, 5)];
  const [annas = 0, mishas = 0, levs = 0] = await counts();
  const { heard } = await everybody.hear(() => assign(4, 5));
  expect(heard).toEqual(
    once({
      [ELENA]: AUTHOR,
      [ANNA]: STUDENT,
      [OLGA]: [['parent-dashboard'], ['student-progress', 3]],
      [LEV]: STUDENT,
      [IVAN]: [['parent-dashboard'], ['student-progress', 5]],
      [MARINA]: TUTOR,
    }),
  );
  expect([await has(ANNA), await has(MISHA), await has(LEV)]).toEqual([false, true, true]);
  expect(await counts()).toEqual([annas - 1, mishas, levs + 1]);
});

test('who keeps a material keeps the day it was assigned and the progress made in it', async () => {
  await assign(3, 4);
  const report = { progressPercentage: 30, timeSpentMinutes: 5 };
  await everybody.ask(MISHA, `POST /api/student/materials/${materialId}/progress`, report);
  const days = async () => {
    const { rows } = (await platform.parts.db.execute(
      sql`SELECT assigned_at FROM material_assignments WHERE material_id = ${materialId} AND student_id = 4`,
    )) as unknown as { rows: unknown[] };
    return rows;
  };
  const before = await days();
  await assign(4, 5);
  expect(await days()).toEqual(before);
  await platform.parts.relay.settled();
  const [newest] = await everybody.read(ELENA, MATERIALS);
  expect(newest.students).toMatchObject([
    { id: 5, progressPercentage: 0 },
    { id: 4, progressPercentage: 30 },
  ]);
});

test('the same set once more, in whatever order, is told to nobody', async () => {
  await assign(3, 4);
  const { answer, heard } = await everybody.hear(() => assign(4, 3));
  expect(answer.status).toBe(200);
  expect(heard).toEqual(nothing);
});

test('the empty set takes it away from everybody', async () => {
  await assign(3);
  const { heard } = await everybody.hear(() => assign());
  expect(heard).toEqual(
    once({
      [ELENA]: AUTHOR,
      [ANNA]: STUDENT,
      [OLGA]: [['parent-dashboard'], ['student-progress', 3]],
      [MARINA]: TUTOR,
    }),
  );
  expect(await has(ANNA)).toBe(false);
});

test('a set with somebody who does not learn with the author is refused, names them by place and changes nothing', async () => {
  await assign(3);
  const ofPavel = await everybody.ask(MARINA, 'POST /api/tutor/students', {
    firstName: 'Vera',
    lastName: 'Lang',
    email: 'vera@new.test',
    password: 'long enough',
    grade: 5,
  });
  const { answer, heard } = await everybody.hear(() => assign(4, ofPavel.body.id, 1));
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual(['studentIds.1', 'studentIds.2']);
  expect(heard).toEqual(nothing);
  expect([await has(ANNA), await has(MISHA)]).toEqual([true, false]);
});
