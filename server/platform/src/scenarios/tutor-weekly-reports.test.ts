import { beforeEach, expect, test } from 'vitest';
import { IVAN, MARINA, NINA, nothing, OLGA, once } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const REPORTS = '/api/tutor-weekly-reports';
/** Far from the present: the demo has a report about the week it was loaded in. */
const WEEK = { studentId: 3, weekStartDate: '2037-11-30', summary: 'Anna wants to learn Physics.' };
const AUTHOR_ALONE = once({ [MARINA]: [['tutor-weekly-reports']] });
const SHOWN = once({
  [MARINA]: [['tutor-weekly-reports']],
  [OLGA]: [['tutor-weekly-reports'], ['parent-dashboard']],
});

/** A draft on Anna. */
let reportId: number;

setScene();

beforeEach(async () => {
  await platform.parts.db.execute('DELETE FROM tutor_weekly_reports WHERE id > 1');
  reportId = (await create()).body.id;
  await platform.parts.relay.settled();
  await seenByOlga();
});

const create = (fields: object = {}) => everybody.ask(MARINA, `POST ${REPORTS}`, { ...WEEK, ...fields });
const patch = (fields: object) => everybody.ask(MARINA, `PATCH ${REPORTS}/${reportId}`, fields);
const send = () => everybody.ask(MARINA, `POST ${REPORTS}/${reportId}/send`);
const markRead = () => everybody.ask(OLGA, `POST ${REPORTS}/${reportId}/read`);

/** The report in Olga's list and on her dashboard, `undefined` where it is not. */
async function seenByOlga() {
  const isIt = ({ id }: { id: number }) => id === reportId;
  const [anna] = (await everybody.read(OLGA, '/api/parent/dashboard')).children;
  const weekly = anna.reports.filter(({ kind }: { kind: string }) => kind === 'weekly');
  return [(await everybody.read(OLGA, REPORTS)).find(isIt), weekly.find(isIt)];
}

const seenByMarina = async () =>
  (await everybody.read(MARINA, REPORTS)).find(({ id }: { id: number }) => id === reportId);

test('a report that is written, and edited, is its author’s alone while it is a draft', async () => {
  const written = await everybody.hear(() => create({ weekStartDate: '2037-12-07' }));
  expect(written.answer).toMatchObject({
    status: 201,
    body: {
      student: { id: 3, name: 'Anna Petrova' },
      parent: { id: 1, name: 'Olga Petrova' },
      tutor: { id: 8, name: 'Marina Belova' },
      summary: WEEK.summary,
      status: 'draft',
      sentAt: null,
    },
  });
  expect(written.heard).toEqual(AUTHOR_ALONE);
  const edited = await everybody.hear(() => patch({ summary: 'Anna asks for Physics.' }));
  expect(edited.answer).toMatchObject({ status: 200, body: { summary: 'Anna asks for Physics.' } });
  expect(edited.heard).toEqual(AUTHOR_ALONE);
  expect(await seenByMarina()).toMatchObject({ summary: 'Anna asks for Physics.', status: 'draft' });
  expect(await seenByOlga()).toEqual([undefined, undefined]);
});

test('a report that is sent is shown to the parent', async () => {
  const { answer, heard } = await everybody.hear(send);
  expect(answer).toMatchObject({ status: 200, body: { id: reportId, status: 'sent', sentAt: expect.any(String) } });
  expect(heard).toEqual(SHOWN);
  const [inList, onDashboard] = await seenByOlga();
  expect(inList).toEqual(answer.body);
  expect(onDashboard).toMatchObject({ text: WEEK.summary, author: { id: 8 }, status: 'sent' });
  expect(await seenByMarina()).toEqual(answer.body);
});

test('a report that the parent reads is told to its author as read; reading it again is told to nobody', async () => {
  await send();
  await platform.parts.relay.settled();
  expect(await seenByMarina()).toMatchObject({ status: 'sent' });
  const first = await everybody.hear(markRead);
  expect(first.answer).toMatchObject({ status: 200, body: { id: reportId, status: 'read' } });
  expect(first.heard).toEqual(SHOWN);
  expect(await seenByMarina()).toMatchObject({ status: 'read' });
  for (const seen of await seenByOlga()) expect(seen).toMatchObject({ status: 'read' });

  const again = await everybody.hear(markRead);
  expect(again.answer).toEqual({ ...first.answer, headers: expect.anything() });
  expect(again.heard).toEqual(nothing);
});

test('a report that was sent, or read, is not edited any more, nor sent again', async () => {
  await send();
  for (const step of ['sent', 'read']) {
    if (step === 'read') await markRead();
    for (const attempt of [() => patch({ summary: 'Something else' }), send]) {
      const { answer, heard } = await everybody.hear(attempt);
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
      expect(heard).toEqual(nothing);
    }
    expect(await seenByMarina()).toMatchObject({ summary: WEEK.summary, status: step });
  }
});

test('of two who send a report at once, one does, and the parent is told once', async () => {
  const { answer, heard } = await everybody.hear(() => Promise.all([send(), send()]));
  expect(answer.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(heard).toEqual(SHOWN);
});

test('there is one report on a student a week', async () => {
  const second = await everybody.hear(() => create());
  expect(second.answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
  expect(second.heard).toEqual(nothing);
  expect((await create({ studentId: 4 })).status).toBe(201);
  expect((await create({ weekStartDate: '2037-12-07' })).status).toBe(201);
  const moved = await everybody.hear(() => patch({ weekStartDate: '2037-12-07' }));
  expect(moved.answer.status).toBe(409);
  expect(moved.heard).toEqual(nothing);
});

test('a draft cannot be read, and what was sent to one parent not by another', async () => {
  expect((await markRead()).status).toBe(404);
  await send();
  const { answer, heard } = await everybody.hear(() => everybody.ask(IVAN, `POST ${REPORTS}/${reportId}/read`));
  expect(answer.status).toBe(404);
  expect(heard).toEqual(nothing);
});

test('a report on a student without a parent waits until there is one', async () => {
  const parent = (parentId: number | null) => everybody.ask(MARINA, 'PATCH /api/tutor/students/3', { parentId });
  await parent(null);
  const refused = await everybody.hear(send);
  expect(refused.answer.status).toBe(409);
  expect(refused.heard).toEqual(nothing);
  await parent(2);
  const { answer, heard } = await everybody.hear(send);
  expect(answer).toMatchObject({ status: 200, body: { parent: { id: 2 } } });
  expect(heard).toEqual(
    once({ [MARINA]: [['tutor-weekly-reports']], [IVAN]: [['tutor-weekly-reports'], ['parent-dashboard']] }),
  );
  await parent(1);
});

test('an own report on a student who went to another tutor is not sent any more', async () => {
  const { body: next } = await everybody.ask(NINA, 'POST /api/admin/users', {
    email: 'next-tutor@demo.test',
    password: 'a-long-enough-password',
    firstName: 'Vera',
    lastName: 'Next',
    role: 'tutor',
  });
  const tutor = (tutorId: number) =>
    platform.parts.db.execute(`UPDATE student_profiles SET tutor_id = ${tutorId} WHERE user_id = 3`);
  await tutor(next.id);
  const { answer, heard } = await everybody.hear(send);
  await tutor(8);
  expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
  expect(heard).toEqual(nothing);
  expect((await send()).status).toBe(200);
});

test.each([
  ['studentId', { studentId: 1 }],
  ['studentId', { studentId: 9_999 }],
  ['weekStartDate', { weekStartDate: 'Monday' }],
  ['summary', { summary: '  ' }],
  ['status', { status: 'sent' }],
])('a report whose %s is wrong is refused for that: %j', async (field, fields) => {
  const { answer, heard } = await everybody.hear(() => create({ weekStartDate: '2037-12-14', ...fields }));
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  expect(heard).toEqual(nothing);
});
