import type { StudyPlan } from '@querycast/platform-protocol';
import { logIn } from '../support/api.js';
import { EMAILS } from '../support/person.js';
import { card } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

const MATHEMATICS_OF_ANNA = { studentId: 3, subjectId: 1, weekStartDate: '2026-11-30' };
const CONTENT = 'Measure three slopes of the park.';

/** Whom it concerns that the teacher's page is not the one that acts. */
const ELENA = { elena: { 'GET /api/teacher/study-plans': 1 } } as const;
const EVERYBODY = {
  ...ELENA,
  olga: { 'GET /api/parent/children/3/study-plans': 1 },
  anna: { 'GET /api/student/study-plans': 1 },
} as const;

test('a plan that the API creates as sent, and a draft that an edit sends, show at once; the draft before does not', async ({
  scene,
}) => {
  const { at, see } = await scene.gather({
    elena: '/plans',
    olga: '/children/3',
    anna: '/plans',
    marina: '/',
    ivan: '/',
  });
  const viewers = [at.olga, at.anna];
  const { write } = await logIn(scene.stack.url, EMAILS.elena);
  const create = (title: string, status: 'draft' | 'sent') =>
    write<StudyPlan>('POST', '/api/teacher/study-plans', { ...MATHEMATICS_OF_ANNA, title, content: CONTENT, status });

  await see(async () => {
    await create('Sent when created', 'sent');
    for (const { page } of [...viewers, at.elena]) {
      await expect(card(page, 'Plan Sent when created')).toContainText(CONTENT);
    }
  }, EVERYBODY);

  let draft: StudyPlan | undefined;
  await see(async () => {
    draft = await create('Sent by an edit', 'draft');
    await expect(card(at.elena.page, 'Plan Sent by an edit')).toContainText('Draft');
  }, ELENA);
  for (const { page } of viewers) await expect(card(page, 'Plan Sent by an edit')).toHaveCount(0);

  await see(async () => {
    await write('PATCH', `/api/teacher/study-plans/${draft?.id}`, { status: 'sent' });
    for (const { page } of viewers) await expect(card(page, 'Plan Sent by an edit')).toContainText(CONTENT);
    await expect(card(at.elena.page, 'Plan Sent by an edit')).not.toContainText('Draft');
  }, EVERYBODY);
});
