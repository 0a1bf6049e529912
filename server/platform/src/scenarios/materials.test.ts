import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { ANNA, ELENA, MARINA, nothing, OLGA, once } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const MATERIALS = '/api/teacher/materials';
const NEW_MATERIAL = { subjectId: 1, title: 'Angles of a triangle', type: 'lesson' };

/** What Elena's material becoming visible to Anna, or ceasing to be, is to everybody. */
const COMES_OR_GOES = once({
  [ELENA]: [['teacher-dashboard'], ['teacher-materials'], ['teacher-students']],
  [ANNA]: [['student-dashboard'], ['student-materials'], ['student-progress']],
  [OLGA]: [['parent-dashboard'], ['student-progress', 3]],
  [MARINA]: [['tutor-dashboard'], ['tutor-students']],
});
const ELENA_ALONE = once({ [ELENA]: [['teacher-materials']] });

setScene();

beforeEach(async () => {
  await platform.parts.db.execute('DELETE FROM materials WHERE id > 5');
});

const create = (fields: object = {}) => everybody.ask(ELENA, `POST ${MATERIALS}`, { ...NEW_MATERIAL, ...fields });
const patch = (id: number, fields: object) => everybody.ask(ELENA, `PATCH ${MATERIALS}/${id}`, fields);
const assign = (id: number, ...studentIds: number[]) =>
  everybody.ask(ELENA, `PUT ${MATERIALS}/${id}/assignments`, { studentIds });

/** A new material that Anna has; whatever was cached of before is read again, so that it is cached anew. */
async function assignedToAnna(status: 'draft' | 'active'): Promise<number> {
  const { id } = (await create({ status })).body;
  await assign(id, 3);
  await platform.parts.relay.settled();
  await seen();
  return id;
}

/** How many materials each of those who are concerned sees of Anna's, and what Anna's newest is called. */
async function seen() {
  const [subject] = await everybody.read(ANNA, '/api/student/materials');
  const { openMaterials } = await everybody.read(ANNA, '/api/student/dashboard');
  const { statistics } = await everybody.read(ELENA, '/api/teacher/dashboard');
  return {
    anna: subject.materials.length,
    annasProgress: (await everybody.read(ANNA, '/api/student/progress')).materials,
    onDashboard: openMaterials.length,
    olga: (await everybody.read(OLGA, '/api/parent/dashboard')).children[0].materials,
    olgasProgress: (await everybody.read(OLGA, '/api/parent/children/3/progress')).materials,
    marina: (await everybody.read(MARINA, '/api/tutor/students'))[0].materials,
    marinasDashboard: (await everybody.read(MARINA, '/api/tutor/dashboard')).students[0].materials,
    elena: (await everybody.read(ELENA, '/api/teacher/students'))[0].materials,
    elenasDashboard: statistics.materials,
    newest: subject.materials[0].title,
  };
}

const BEFORE = {
  anna: 2,
  annasProgress: 2,
  onDashboard: 1,
  olga: 2,
  olgasProgress: 2,
  marina: 2,
  marinasDashboard: 2,
  elena: 2,
  elenasDashboard: 2,
  newest: 'Twenty linear equations',
};
const ONE_MORE = {
  anna: 3,
  annasProgress: 3,
  onDashboard: 2,
  olga: 3,
  olgasProgress: 3,
  marina: 3,
  marinasDashboard: 3,
  elena: 3,
  elenasDashboard: 3,
  newest: NEW_MATERIAL.title,
};

/** Elena's own list knows every status. */
const ofElena = async (id: number) =>
  (await everybody.read(ELENA, MATERIALS)).find((material: { id: number }) => material.id === id);

test('a material that is written, and one that is assigned while it is a draft, are told to the author alone', async () => {
  expect(await seen()).toEqual(BEFORE);
  const written = await everybody.hear(() => create());
  expect(written.answer).toMatchObject({ status: 201, body: { ...NEW_MATERIAL, status: 'draft' } });
  expect(written.heard).toEqual(ELENA_ALONE);
  const { id } = written.answer.body;
  expect(await ofElena(id)).toMatchObject({ status: 'draft', students: [] });

  const assigned = await everybody.hear(() => assign(id, 3));
  expect(assigned.answer).toMatchObject({ status: 200, body: { studentIds: [3] } });
  expect(assigned.heard).toEqual(ELENA_ALONE);
  expect(await ofElena(id)).toMatchObject({ status: 'draft', students: [{ id: 3, progressPercentage: 0 }] });
  expect(await seen()).toEqual(BEFORE);
});

test('a draft that is edited, or taken away again, is told to the author alone', async () => {
  const id = await assignedToAnna('draft');
  const renamed = await everybody.hear(() => patch(id, { title: 'Angles', type: 'video' }));
  expect(renamed.answer).toMatchObject({ status: 200, body: { title: 'Angles', type: 'video', status: 'draft' } });
  expect(renamed.heard).toEqual(ELENA_ALONE);
  expect((await everybody.hear(() => assign(id))).heard).toEqual(ELENA_ALONE);
  expect(await ofElena(id)).toMatchObject({ title: 'Angles', students: [] });
  expect(await seen()).toEqual(BEFORE);
});

test('an assigned draft that becomes active appears for the student, and counts for all who follow her', async () => {
  const id = await assignedToAnna('draft');
  expect(await seen()).toEqual(BEFORE);
  const { answer, heard } = await everybody.hear(() => patch(id, { status: 'active' }));
  expect(answer).toMatchObject({ status: 200, body: { id, status: 'active' } });
  expect(heard).toEqual(COMES_OR_GOES);
  expect(await seen()).toEqual(ONE_MORE);
  expect(await ofElena(id)).toMatchObject({ status: 'active' });
});

test('an active material that is renamed is told to whoever sees its title, not to those who see numbers', async () => {
  const id = await assignedToAnna('active');
  const { heard } = await everybody.hear(() => patch(id, { title: 'Angles of a square' }));
  expect(heard).toEqual(
    once({ [ELENA]: [['teacher-materials']], [ANNA]: [['student-dashboard'], ['student-materials']] }),
  );
  expect(await seen()).toEqual({ ...ONE_MORE, newest: 'Angles of a square' });
  expect((await everybody.read(ANNA, '/api/student/dashboard')).openMaterials[1].title).toBe('Angles of a square');
  expect(await ofElena(id)).toMatchObject({ title: 'Angles of a square' });
});

test('an active material of another subject from now on is progress in that one', async () => {
  const id = await assignedToAnna('active');
  const { answer, heard } = await everybody.hear(() => patch(id, { subjectId: 2 }));
  expect(answer.status).toBe(200);
  expect(heard).toEqual(
    once({
      [ELENA]: [['teacher-materials']],
      [ANNA]: [['student-dashboard'], ['student-materials'], ['student-progress']],
      [OLGA]: [['parent-dashboard'], ['student-progress', 3]],
    }),
  );
  const { subjects } = await everybody.read(OLGA, '/api/parent/children/3/progress');
  expect(subjects).toMatchObject([
    { name: 'Mathematics', materials: 2 },
    { name: 'Physics', materials: 1 },
  ]);
  expect((await everybody.read(ANNA, '/api/student/progress')).subjects).toEqual(subjects);
  expect(await ofElena(id)).toMatchObject({ subject: { name: 'Physics' } });
});

test('a material that is archived disappears, and is back when it is restored', async () => {
  const id = await assignedToAnna('active');
  expect(await seen()).toEqual(ONE_MORE);
  const archived = await everybody.hear(() => patch(id, { status: 'archived' }));
  expect(archived.answer).toMatchObject({ status: 200, body: { status: 'archived' } });
  expect(archived.heard).toEqual(COMES_OR_GOES);
  expect(await seen()).toEqual(BEFORE);
  const restored = await everybody.hear(() => patch(id, { status: 'active' }));
  expect(restored.heard).toEqual(COMES_OR_GOES);
  expect(await seen()).toEqual(ONE_MORE);
});

test.each(['active', 'archived'] as const)('a material that is %s never becomes a draft again', async (status) => {
  const id = await assignedToAnna('active');
  if (status === 'archived') await patch(id, { status });
  const { answer, heard } = await everybody.hear(() => patch(id, { title: 'Angles', status: 'draft' }));
  expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
  expect(heard).toEqual(nothing);

  const past = everybody.hear(() =>
    platform.parts.db.execute(sql`UPDATE materials SET status = 'draft' WHERE id = ${id}`),
  );
  await expect(past).rejects.toMatchObject({
    cause: expect.objectContaining({ message: 'a material that was published cannot become a draft again' }),
  });
  expect(await ofElena(id)).toMatchObject({ title: NEW_MATERIAL.title, status });
});

test('a material that is deleted disappears with the progress that was made in it', async () => {
  const id = await assignedToAnna('active');
  const half = { progressPercentage: 50, timeSpentMinutes: 10 };
  await everybody.ask(ANNA, `POST /api/student/materials/${id}/progress`, half);
  await platform.parts.relay.settled();
  expect((await everybody.read(OLGA, '/api/parent/children/3/progress')).timeSpentMinutes).toBe(95);
  const { answer, heard } = await everybody.hear(() => everybody.ask(ELENA, `DELETE ${MATERIALS}/${id}`));
  expect(answer.status).toBe(204);
  expect(heard).toEqual(COMES_OR_GOES);
  expect(await seen()).toEqual(BEFORE);
  expect((await everybody.read(OLGA, '/api/parent/children/3/progress')).timeSpentMinutes).toBe(85);
  expect(await ofElena(id)).toBeUndefined();
  expect((await everybody.ask(ELENA, `DELETE ${MATERIALS}/${id}`)).status).toBe(404);
});

test('a draft that nobody has yet is deleted for its author alone', async () => {
  const { id } = (await create()).body;
  expect((await everybody.hear(() => everybody.ask(ELENA, `DELETE ${MATERIALS}/${id}`))).heard).toEqual(ELENA_ALONE);
});

test.each([
  ['subjectId', { subjectId: 3 }],
  ['title', { title: 'No' }],
  ['type', { type: 'song' }],
  ['status', { status: 'sent' }],
])('a material whose %s is wrong is refused for that: %j', async (field, fields) => {
  const { answer, heard } = await everybody.hear(() => create(fields));
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  expect(heard).toEqual(nothing);
});
