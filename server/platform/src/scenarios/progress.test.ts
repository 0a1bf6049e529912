import { beforeEach, expect, test } from 'vitest';
import { ANNA, ELENA, MARINA, MISHA, nothing, OLGA, once } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const REPORTS_AT_ONCE = 10;

/** Whoever learns how far Anna has come with a material of Elena's. */
const CAME_FURTHER = once({
  [ANNA]: [['student-dashboard'], ['student-materials'], ['student-progress']],
  [ELENA]: [['teacher-dashboard'], ['teacher-materials'], ['teacher-students']],
  [OLGA]: [['parent-dashboard'], ['student-progress', 3]],
  [MARINA]: [['tutor-dashboard'], ['tutor-students']],
});

/** Of Elena, active; Anna has it and has not begun. */
let materialId: number;

setScene();

beforeEach(async () => {
  await platform.parts.db.execute('DELETE FROM materials WHERE id > 5');
  const body = { subjectId: 1, title: 'Angles of a triangle', type: 'lesson', status: 'active' };
  materialId = (await everybody.ask(ELENA, 'POST /api/teacher/materials', body)).body.id;
  await assign(3);
});

const assign = (...studentIds: number[]) =>
  everybody.ask(ELENA, `PUT /api/teacher/materials/${materialId}/assignments`, { studentIds });

const report = (progressPercentage: number, timeSpentMinutes: number, id = materialId) =>
  everybody.ask(ANNA, `POST /api/student/materials/${id}/progress`, { progressPercentage, timeSpentMinutes });

/** The material in Anna's list. */
async function seenByAnna() {
  const [mathematics] = await everybody.read(ANNA, '/api/student/materials');
  return mathematics.materials.find(({ id }: { id: number }) => id === materialId);
}

/** The minutes of all Anna's materials, for Anna and for Olga. */
async function minutes(): Promise<[number, number]> {
  const { timeSpentMinutes } = await everybody.read(ANNA, '/api/student/progress');
  return [timeSpentMinutes, (await everybody.read(OLGA, '/api/parent/children/3/progress')).timeSpentMinutes];
}

test('the first report is told to student, author, parent and tutor', async () => {
  expect(await seenByAnna()).toMatchObject({ progressPercentage: 0, timeSpentMinutes: 0, isCompleted: false });
  const { answer, heard } = await everybody.hear(() => report(30, 10));
  const saved = { progressPercentage: 30, timeSpentMinutes: 10, isCompleted: false };
  expect(answer).toMatchObject({ status: 200, body: { materialId, ...saved } });
  expect(heard).toEqual(CAME_FURTHER);
  expect(await seenByAnna()).toMatchObject(saved);
});

test('time is added to what was spent before, and of ten reports at once none is lost', async () => {
  await report(50, 7);
  await platform.parts.relay.settled();
  const [before] = await minutes();
  const reports = Array.from({ length: REPORTS_AT_ONCE }, (_, index) => report(50, index + 1));
  const answers = await Promise.all(reports);
  expect(answers.map(({ status }) => status)).toEqual(Array(REPORTS_AT_ONCE).fill(200));
  await platform.parts.relay.settled();
  expect(await seenByAnna()).toMatchObject({ progressPercentage: 50, timeSpentMinutes: 7 + 55 });
  expect(await minutes()).toEqual([before + 55, before + 55]);
  // Each was answered what it left, so the greatest is what is there.
  expect(Math.max(...answers.map(({ body }) => body.timeSpentMinutes))).toBe(7 + 55);
});

test('ten first reports at once are one row with the time of all', async () => {
  const answers = await Promise.all(Array.from({ length: REPORTS_AT_ONCE }, () => report(20, 3)));
  expect(answers.map(({ status }) => status)).toEqual(Array(REPORTS_AT_ONCE).fill(200));
  await platform.parts.relay.settled();
  expect(await seenByAnna()).toMatchObject({ progressPercentage: 20, timeSpentMinutes: 30 });
});

test('what was completed stays completed, whatever is reported later', async () => {
  const open = async () => (await everybody.read(ANNA, '/api/student/dashboard')).openMaterials;
  expect(await open()).toHaveLength(2);
  const done = await everybody.hear(() => report(100, 5));
  expect(done.answer.body).toMatchObject({ progressPercentage: 100, isCompleted: true });
  expect(done.heard).toEqual(CAME_FURTHER);
  expect(await open()).toHaveLength(1);
  const { weeks } = await everybody.read(ANNA, '/api/student/progress');
  expect(weeks).toHaveLength(2);

  const again = await everybody.hear(() => report(40, 5));
  expect(again.answer.body).toMatchObject({ progressPercentage: 40, timeSpentMinutes: 10, isCompleted: true });
  expect(again.heard).toEqual(CAME_FURTHER);
  expect(await seenByAnna()).toMatchObject({ progressPercentage: 40, isCompleted: true });
  expect(await open()).toHaveLength(1);
  expect(await everybody.read(OLGA, '/api/parent/children/3/progress')).toMatchObject({ weeks });
  expect((await everybody.read(OLGA, '/api/parent/dashboard')).children[0].completed).toBe(2);
});

test('time alone is told to the student and to the parent where it is shown, and to nobody else', async () => {
  await report(50, 7);
  await platform.parts.relay.settled();
  const [before] = await minutes();
  const { answer, heard } = await everybody.hear(() => report(50, 12));
  expect(answer.body).toMatchObject({ progressPercentage: 50, timeSpentMinutes: 19 });
  expect(heard).toEqual(
    once({ [ANNA]: [['student-materials'], ['student-progress']], [OLGA]: [['student-progress', 3]] }),
  );
  expect(await seenByAnna()).toMatchObject({ timeSpentMinutes: 19 });
  expect(await minutes()).toEqual([before + 12, before + 12]);
});

test('a report that changes nothing is told to nobody', async () => {
  await report(50, 7);
  const { answer, heard } = await everybody.hear(() => report(50, 0));
  expect(answer).toMatchObject({ status: 200, body: { timeSpentMinutes: 7 } });
  expect(heard).toEqual(nothing);
});

test('what is not assigned, is a draft, archived, taken away or not there at all is answered alike', async () => {
  const refusals = [
    // Of Pavel, assigned to others; of Elena, a draft; nobody's.
    await everybody.hear(() => report(50, 5, 4)),
    await everybody.hear(() => report(50, 5, 3)),
    await everybody.hear(() => report(50, 5, 9_999)),
  ];
  await everybody.ask(ELENA, `PATCH /api/teacher/materials/${materialId}`, { status: 'archived' });
  refusals.push(await everybody.hear(() => report(50, 5)));
  await everybody.ask(ELENA, `PATCH /api/teacher/materials/${materialId}`, { status: 'active' });
  await assign();
  refusals.push(await everybody.hear(() => report(50, 5)));
  for (const { answer, heard } of refusals) {
    expect(answer).toMatchObject({ status: 404, body: refusals[0]?.answer.body });
    expect(heard).toEqual(nothing);
  }
});

test('progress made before a material was archived is back when it is restored', async () => {
  await report(60, 9);
  for (const status of ['archived', 'active']) {
    await everybody.ask(ELENA, `PATCH /api/teacher/materials/${materialId}`, { status });
  }
  await platform.parts.relay.settled();
  expect(await seenByAnna()).toMatchObject({ progressPercentage: 60, timeSpentMinutes: 9 });
});

test.each([
  ['progressPercentage', { progressPercentage: 101, timeSpentMinutes: 5 }],
  ['progressPercentage', { progressPercentage: -1, timeSpentMinutes: 5 }],
  ['timeSpentMinutes', { progressPercentage: 50, timeSpentMinutes: 1_441 }],
  ['timeSpentMinutes', { progressPercentage: 50, timeSpentMinutes: 0.5 }],
  ['timeSpentMinutes', { progressPercentage: 50 }],
  ['isCompleted', { progressPercentage: 50, timeSpentMinutes: 5, isCompleted: true }],
])('a report whose %s is wrong is refused for that: %j', async (field, body) => {
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(ANNA, `POST /api/student/materials/${materialId}/progress`, body),
  );
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  expect(heard).toEqual(nothing);
});

test('a student reports for nobody else', async () => {
  const body = { progressPercentage: 50, timeSpentMinutes: 5 };
  const answer = await everybody.ask(MISHA, `POST /api/student/materials/${materialId}/progress`, body);
  expect(answer.status).toBe(404);
});
