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
const ROUNDS = 20;

/** Whoever learns that a plan for Anna comes, goes or changes where they see it. */
const TOLD = once({
  [ELENA]: [['teacher-dashboard'], ['study-plans']],
  [ANNA]: [['student-dashboard'], ['study-plans']],
  [OLGA]: [['parent-dashboard'], ['study-plans', 3]],
});

let planId: number;
let logged: string[] = [];

const info = (_: object, message: string) => logged.push(message);
setScene({ logger: { debug() {}, info, warn() {}, error: console.error } });

beforeEach(async () => {
  await platform.parts.db.execute('DELETE FROM study_plans WHERE id > 4');
  planId = await write();
  await seenByFamily();
  logged = [];
});

const write = async () => (await everybody.ask(ELENA, `POST ${PLANS}`, NEW_PLAN)).body.id;
const send = (id = planId) => everybody.ask(ELENA, `POST ${PLANS}/${id}/send`);
const patch = (fields: object, id = planId) => everybody.ask(ELENA, `PATCH ${PLANS}/${id}`, fields);

/** The newest plan, as Olga and Anna see it. */
async function seenByFamily() {
  return [
    (await everybody.read(OLGA, '/api/parent/dashboard')).children[0].studyPlans[0],
    (await everybody.read(OLGA, '/api/parent/children/3/study-plans'))[0],
    (await everybody.read(ANNA, '/api/student/dashboard')).studyPlans[0],
    (await everybody.read(ANNA, '/api/student/study-plans'))[0],
  ];
}

test.each([
  ['POST', () => send()],
  ['PATCH', () => patch({ status: 'sent' })],
])('a draft that is sent by %s is shown to student and parent, in one frame each', async (_, sendIt) => {
  for (const plan of await seenByFamily()) expect(plan.id).not.toBe(planId);
  const { answer, heard } = await everybody.hear(sendIt);
  expect(answer).toMatchObject({ status: 200, body: { id: planId, status: 'sent', sentAt: expect.any(String) } });
  expect(heard).toEqual(TOLD);
  const words = `plan_id=${planId}, parent_id=1, student_id=3`;
  expect(logged.filter((message) => message.startsWith('Parent cache invalidated')).sort()).toEqual([
    `Parent cache invalidated after study plan sent: ${words}`,
    `Parent cache invalidated via StudyPlan signal: ${words}, status=sent`,
  ]);
  const { sentAt } = answer.body;
  for (const plan of await seenByFamily()) expect(plan).toMatchObject({ id: planId, status: 'sent', sentAt });
});

test('a draft that is edited and sent by the same PATCH is shown as it was edited, in one frame each', async () => {
  const { answer, heard } = await everybody.hear(() => patch({ title: 'Squares', status: 'sent' }));
  expect(answer).toMatchObject({ status: 200, body: { id: planId, title: 'Squares', status: 'sent' } });
  expect(heard).toEqual(TOLD);
  for (const plan of await seenByFamily()) expect(plan).toMatchObject({ id: planId, title: 'Squares', status: 'sent' });
});

test('a plan that is created as sent is shown at once, in one frame each', async () => {
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(ELENA, `POST ${PLANS}`, { ...NEW_PLAN, status: 'sent' }),
  );
  expect(answer).toMatchObject({ status: 201, body: { status: 'sent', sentAt: expect.any(String) } });
  expect(heard).toEqual(TOLD);
  for (const plan of await seenByFamily()) expect(plan).toMatchObject({ id: answer.body.id, status: 'sent' });
});

test('of two that send the same draft at once, one does and the other is refused, and it is told once', async () => {
  const ways = [
    (id: number) => send(id),
    (id: number) => patch({ status: 'sent' }, id),
    (id: number) => patch({ title: 'Sent with another title', status: 'sent' }, id),
  ];
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await write();
    const [first = send, second = send] = [ways[round % 3], ways[(round + (round % 2)) % 3]];
    const { answer, heard } = await everybody.hear(() => Promise.all([first(id), second(id)]));
    expect(answer.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(heard).toEqual(TOLD);
    const sent = answer.find(({ status }) => status === 200)?.body;
    for (const plan of await seenByFamily()) {
      expect(plan).toMatchObject({ id, title: sent.title, status: 'sent', sentAt: sent.sentAt });
    }
  }
}, 60_000);

test('a plan that was sent is not edited any more, nor sent again, and nobody is told anything', async () => {
  const sent = (await send()).body;
  for (const attempt of [
    () => patch({ title: 'Squares' }),
    () => patch({ content: 'Draw ten squares, with all their angles.' }),
    () => patch({ status: 'sent' }),
    () => patch({ title: 'Squares', status: 'sent' }),
    () => send(),
  ]) {
    const { answer, heard } = await everybody.hear(attempt);
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    expect(heard).toEqual(nothing);
  }
  expect((await everybody.read(ELENA, PLANS))[0]).toMatchObject(sent);
});

test('a draft is kept, but not sent, when the lessons have ended since it was written', async () => {
  const { db } = platform.parts;
  await db.execute('UPDATE subject_enrollments SET is_active = false WHERE id = 1');
  await platform.parts.relay.settled();
  for (const attempt of [
    () => send(),
    () => patch({ status: 'sent' }),
    () => patch({ title: 'Squares', status: 'sent' }),
  ]) {
    expect(await attempt()).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
  }
  expect(await patch({ title: 'Squares' })).toMatchObject({ status: 200, body: { title: 'Squares', status: 'draft' } });
  await db.execute('UPDATE subject_enrollments SET is_active = true WHERE id = 1');
  expect(await send()).toMatchObject({ status: 200, body: { status: 'sent' } });
});

test('a plan that is archived stays in sight as such, counts no more, and is archived once', async () => {
  await send();
  const counted = async () => (await everybody.read(OLGA, '/api/parent/dashboard')).statistics.studyPlans;
  await platform.parts.relay.settled();
  const before = await counted();
  const { answer, heard } = await everybody.hear(() => patch({ status: 'archived' }));
  expect(answer).toMatchObject({ status: 200, body: { id: planId, status: 'archived', sentAt: expect.any(String) } });
  expect(heard).toEqual(TOLD);
  for (const plan of await seenByFamily()) expect(plan).toMatchObject({ id: planId, status: 'archived' });
  expect(await counted()).toBe(before - 1);

  for (const attempt of [() => patch({ status: 'archived' }), () => patch({ title: 'Squares' }), () => send()]) {
    const again = await everybody.hear(attempt);
    expect(again.answer.status).toBe(409);
    expect(again.heard).toEqual(nothing);
  }
});

test('a plan is not archived together with an edit', async () => {
  await send();
  const { answer, heard } = await everybody.hear(() => patch({ title: 'Squares', status: 'archived' }));
  expect(answer).toMatchObject({ status: 400, body: { error: { fields: { status: expect.any(String) } } } });
  expect(heard).toEqual(nothing);
});

test.each(['sent', 'archived'])(
  'a plan that was %s and is deleted disappears for student and parent',
  async (status) => {
    await send();
    if (status === 'archived') await patch({ status });
    await platform.parts.relay.settled();
    for (const plan of await seenByFamily()) expect(plan).toMatchObject({ id: planId, status });
    const { answer, heard } = await everybody.hear(() => everybody.ask(ELENA, `DELETE ${PLANS}/${planId}`));
    expect(answer.status).toBe(204);
    expect(heard).toEqual(TOLD);
    for (const plan of await seenByFamily()) expect(plan.id).not.toBe(planId);
  },
);
