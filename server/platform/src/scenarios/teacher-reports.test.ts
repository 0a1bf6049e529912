import { beforeEach, expect, test } from 'vitest';
import { readAll } from '../testing/all-reads.js';
import { ANNA, ELENA, MARINA, nothing, OLGA, once, PAVEL } from '../testing/everybody.js';
import { everybody, platform, setScene } from './scene.test.support.js';

const WEEKLY = '/api/teacher-weekly-reports';
const WEEK = { studentId: 3, weekStartDate: '2037-11-30', summary: 'For the tutor: Anna is bored by fractions.' };
const ON_ANNA = '/api/teacher/students/3/reports';
const STUDENT_REPORTS = '/api/teacher/student-reports';
const LETTER = { title: 'Equations are done', content: 'Anna solves equations with one unknown.' };

setScene();

beforeEach(async () => {
  await platform.parts.db.execute('DELETE FROM teacher_weekly_reports WHERE id > 1');
  await platform.parts.db.execute('DELETE FROM student_reports WHERE id > 2');
  await platform.parts.relay.settled();
});

const writeWeekly = (fields: object = {}) => everybody.ask(ELENA, `POST ${WEEKLY}`, { ...WEEK, ...fields });
const writeLetter = (fields: object = {}) => everybody.ask(ELENA, `POST ${ON_ANNA}`, { ...LETTER, ...fields });

/** All that somebody reads, as one text. */
async function allTextOf(room: typeof OLGA | typeof ANNA): Promise<string> {
  return [...((await readAll(everybody)).get(room)?.values() ?? [])].join();
}

const letterSeenBy = async (room: typeof OLGA | typeof ELENA, id: number) =>
  (await everybody.read(room, room === OLGA ? '/api/parent/children/3/reports' : ON_ANNA)).find(
    (report: { id: number }) => report.id === id,
  );

test('a weekly report is its author’s alone while it is a draft', async () => {
  const written = await everybody.hear(() => writeWeekly());
  expect(written.answer).toMatchObject({
    status: 201,
    body: { student: { id: 3 }, teacher: { id: 6 }, tutor: { id: 8 }, status: 'draft', sentAt: null },
  });
  const alone = once({ [ELENA]: [['teacher-weekly-reports']] });
  expect(written.heard).toEqual(alone);
  const { id } = written.answer.body;
  const edited = await everybody.hear(() => everybody.ask(ELENA, `PATCH ${WEEKLY}/${id}`, { summary: 'Another' }));
  expect(edited.heard).toEqual(alone);
  expect((await everybody.read(ELENA, WEEKLY))[0]).toMatchObject({ id, summary: 'Another' });
  expect((await everybody.read(MARINA, WEEKLY)).map((report: { id: number }) => report.id)).not.toContain(id);
});

test('a weekly report that is sent reaches the tutor; no parent is told, and no read of a parent shows it', async () => {
  const { id } = (await writeWeekly()).body;
  const { answer, heard } = await everybody.hear(() => everybody.ask(ELENA, `POST ${WEEKLY}/${id}/send`));
  expect(answer).toMatchObject({ status: 200, body: { id, status: 'sent', sentAt: expect.any(String) } });
  expect(heard).toEqual(once({ [ELENA]: [['teacher-weekly-reports']], [MARINA]: [['teacher-weekly-reports']] }));
  expect((await everybody.read(MARINA, WEEKLY))[0]).toEqual(answer.body);
  expect((await everybody.read(ELENA, WEEKLY))[0]).toEqual(answer.body);
  for (const room of [OLGA, ANNA] as const) expect(await allTextOf(room)).not.toContain('bored');
  for (const room of [OLGA, ANNA] as const) expect((await everybody.ask(room, `GET ${WEEKLY}`)).status).toBe(403);
});

test('a weekly report that was sent is not edited any more, nor sent again, and is the only one of its week', async () => {
  const { id } = (await writeWeekly()).body;
  await everybody.ask(ELENA, `POST ${WEEKLY}/${id}/send`);
  for (const attempt of [
    () => everybody.ask(ELENA, `PATCH ${WEEKLY}/${id}`, { summary: 'Another' }),
    () => everybody.ask(ELENA, `POST ${WEEKLY}/${id}/send`),
    () => writeWeekly(),
  ]) {
    const { answer, heard } = await everybody.hear(attempt);
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    expect(heard).toEqual(nothing);
  }
});

test('a report on a student is its author’s alone while it is a draft', async () => {
  const written = await everybody.hear(() => writeLetter());
  expect(written.answer).toMatchObject({
    status: 201,
    body: { studentId: 3, teacher: { id: 6, name: 'Elena Orlova' }, ...LETTER, status: 'draft', sentAt: null },
  });
  const alone = once({ [ELENA]: [['student-reports', 3]] });
  expect(written.heard).toEqual(alone);
  const { id } = written.answer.body;
  const edited = await everybody.hear(() =>
    everybody.ask(ELENA, `PATCH ${STUDENT_REPORTS}/${id}`, { title: 'All equations are done' }),
  );
  expect(edited.heard).toEqual(alone);
  expect(await letterSeenBy(ELENA, id)).toMatchObject({ title: 'All equations are done', status: 'draft' });
  expect(await letterSeenBy(OLGA, id)).toBeUndefined();
  expect(await allTextOf(OLGA)).not.toContain('equations are done');
});

test('a report on a student that is sent is shown to the parent', async () => {
  const { id } = (await writeLetter()).body;
  await letterSeenBy(OLGA, id);
  await everybody.read(OLGA, '/api/parent/dashboard');
  const { answer, heard } = await everybody.hear(() => everybody.ask(ELENA, `POST ${STUDENT_REPORTS}/${id}/send`));
  expect(answer).toMatchObject({ status: 200, body: { id, status: 'sent', sentAt: expect.any(String) } });
  expect(heard).toEqual(
    once({ [ELENA]: [['student-reports', 3]], [OLGA]: [['student-reports', 3], ['parent-dashboard']] }),
  );
  expect(await letterSeenBy(ELENA, id)).toEqual(answer.body);
  expect(await letterSeenBy(OLGA, id)).toEqual(answer.body);
  expect((await everybody.read(OLGA, '/api/parent/dashboard')).children[0].reports[0]).toMatchObject({
    kind: 'student',
    id,
    text: LETTER.title,
    status: 'sent',
  });
});

test('a report on a student that was sent is not edited any more, nor sent again', async () => {
  const { id } = (await writeLetter()).body;
  await everybody.ask(ELENA, `POST ${STUDENT_REPORTS}/${id}/send`);
  for (const attempt of [
    () => everybody.ask(ELENA, `PATCH ${STUDENT_REPORTS}/${id}`, { title: 'Another' }),
    () => everybody.ask(ELENA, `POST ${STUDENT_REPORTS}/${id}/send`),
  ]) {
    const { answer, heard } = await everybody.hear(attempt);
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    expect(heard).toEqual(nothing);
  }
});

test('a teacher writes only about students who learn with them', async () => {
  const weekly = await everybody.ask(PAVEL, `POST ${WEEKLY}`, WEEK);
  expect(weekly).toMatchObject({ status: 400, body: { error: { fields: { studentId: expect.any(String) } } } });
  expect((await everybody.ask(PAVEL, `POST ${ON_ANNA}`, LETTER)).status).toBe(404);
  const { id } = (await writeLetter()).body;
  expect((await everybody.ask(PAVEL, `POST ${STUDENT_REPORTS}/${id}/send`)).status).toBe(404);
});

test('an own report is not sent any more once the lessons have ended, which is another matter than its not being there', async () => {
  const sending = [
    `POST ${WEEKLY}/${(await writeWeekly()).body.id}/send`,
    `POST ${STUDENT_REPORTS}/${(await writeLetter()).body.id}/send`,
  ] as const;
  const lessons = (isActive: boolean) =>
    platform.parts.db.execute(
      `UPDATE subject_enrollments SET is_active = ${isActive} WHERE student_id = 3 AND teacher_id = 6`,
    );
  await lessons(false);
  for (const send of sending) {
    const { answer, heard } = await everybody.hear(() => everybody.ask(ELENA, send));
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    expect(heard).toEqual(nothing);
  }
  await lessons(true);
  for (const send of sending) expect((await everybody.ask(ELENA, send)).status).toBe(200);
});
