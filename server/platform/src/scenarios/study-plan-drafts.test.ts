import { type SQL, sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { ANNA, ELENA, nothing, OLGA, once } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const PLANS = '/api/teacher/study-plans';
/** Of a week far from the present, after those that the demo's plans are about. */
const NEW_PLAN = {
  studentId: 3,
  subjectId: 1,
  title: 'Triangles',
  content: 'Draw ten triangles and measure their angles.',
  weekStartDate: '2037-12-07',
};

let planId: number;

setScene();

beforeEach(async () => {
  await platform.parts.db.execute('DELETE FROM study_plans WHERE id > 4');
  planId = (await everybody.ask(ELENA, `POST ${PLANS}`, NEW_PLAN)).body.id;
  await platform.parts.relay.settled();
});

/** What Olga and Anna see of the plans. */
async function seenByFamily() {
  return [
    (await everybody.read(OLGA, '/api/parent/dashboard')).children[0].studyPlans,
    await everybody.read(OLGA, '/api/parent/children/3/study-plans'),
    (await everybody.read(ANNA, '/api/student/dashboard')).studyPlans,
    await everybody.read(ANNA, '/api/student/study-plans'),
  ].map((plans) => plans.map(({ title }: { title: string }) => title));
}

/** Changes rows so that nobody learns of it: who reads from a cache still gets what was there before. */
async function secretly(statement: SQL): Promise<void> {
  await platform.parts.db.transaction(async (tx) => {
    await tx.execute(sql`SET LOCAL session_replication_role = replica`);
    await tx.execute(statement);
  });
}

test('a plan that is written as a draft is told to its teacher alone', async () => {
  const before = await seenByFamily();
  const { answer, heard } = await everybody.hear(() => everybody.ask(ELENA, `POST ${PLANS}`, NEW_PLAN));
  expect(answer).toMatchObject({
    status: 201,
    body: { ...NEW_PLAN, weekEndDate: '2037-12-13', status: 'draft', sentAt: null },
  });
  expect(heard).toEqual(once({ [ELENA]: [['teacher-dashboard'], ['study-plans']] }));
  expect((await everybody.read(ELENA, PLANS))[0]).toMatchObject({ id: answer.body.id, status: 'draft' });
  expect((await everybody.read(ELENA, '/api/teacher/dashboard')).studyPlans[0]).toMatchObject({ id: answer.body.id });
  expect(await seenByFamily()).toEqual(before);
});

test('a draft evicts what student and parent have in their caches, though they are told nothing', async () => {
  const [before] = await seenByFamily();
  await secretly(sql`UPDATE study_plans SET title = 'Written past everybody' WHERE id = 1`);
  // Otherwise the caches would not have been asked at all, and the test could not tell.
  expect(await seenByFamily()).toEqual([before, before, before, before]);
  const { heard } = await everybody.hear(() => everybody.ask(ELENA, `PATCH ${PLANS}/${planId}`, { title: 'Squares' }));
  expect(heard).toMatchObject({ [ANNA]: [], [OLGA]: [] });
  for (const titles of await seenByFamily()) expect(titles).toEqual(['Written past everybody']);
  await secretly(sql`UPDATE study_plans SET title = ${before[0]} WHERE id = 1`);
});

test('a draft that is edited is told to its teacher alone: a title on the dashboard too, a text only in the list', async () => {
  const patch = (fields: object) => everybody.hear(() => everybody.ask(ELENA, `PATCH ${PLANS}/${planId}`, fields));
  const before = await seenByFamily();
  const title = await patch({ title: 'Circles', weekStartDate: '2037-12-14' });
  expect(title.answer).toMatchObject({ status: 200, body: { title: 'Circles', weekEndDate: '2037-12-20' } });
  expect(title.heard).toEqual(once({ [ELENA]: [['teacher-dashboard'], ['study-plans']] }));
  const text = await patch({ content: 'Draw ten circles, and then ten more.' });
  expect(text.heard).toEqual(once({ [ELENA]: [['study-plans']] }));
  expect((await everybody.read(ELENA, PLANS))[0]).toMatchObject({
    title: 'Circles',
    content: 'Draw ten circles, and then ten more.',
  });
  expect((await everybody.read(ELENA, '/api/teacher/dashboard')).studyPlans[0]).toMatchObject({ title: 'Circles' });
  expect(await seenByFamily()).toEqual(before);
});

test('an edit that changes nothing is told to nobody', async () => {
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(ELENA, `PATCH ${PLANS}/${planId}`, { title: NEW_PLAN.title }),
  );
  expect(answer.status).toBe(200);
  expect(heard).toEqual(nothing);
});

test('a draft that is deleted was its teacher’s alone', async () => {
  const { answer, heard } = await everybody.hear(() => everybody.ask(ELENA, `DELETE ${PLANS}/${planId}`));
  expect(answer.status).toBe(204);
  expect(heard).toEqual(once({ [ELENA]: [['teacher-dashboard'], ['study-plans']] }));
  expect((await everybody.read(ELENA, PLANS)).map(({ id }: { id: number }) => id)).not.toContain(planId);
  expect((await everybody.ask(ELENA, `DELETE ${PLANS}/${planId}`)).status).toBe(404);
});

test('a draft cannot be archived', async () => {
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(ELENA, `PATCH ${PLANS}/${planId}`, { status: 'archived' }),
  );
  expect(answer.status).toBe(409);
  expect(heard).toEqual(nothing);
});

test.each([
  ['studentId', { studentId: 4 }],
  ['subjectId', { subjectId: 3 }],
  ['title', { title: 'No' }],
  ['content', { content: 'Too short' }],
  ['weekStartDate', { weekStartDate: '2026-02-30' }],
  ['status', { status: 'archived' }],
])('a plan whose %s is wrong is refused for that: %j', async (field, fields) => {
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(ELENA, `POST ${PLANS}`, { ...NEW_PLAN, ...fields }),
  );
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  expect(heard).toEqual(nothing);
});
