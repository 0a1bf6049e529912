import { confirmDialog, submitDialog } from '../support/dialogs.js';
import { expect, test } from '../support/test.js';

// The demo has reports about the week of today, and there is one a week.
const WEEK = '2037-11-30';
const IN_WORDS = 'week of 30 Nov';

test('a weekly report of the tutor is written, sent and read, and the tutor sees that it was', async ({ scene }) => {
  const { at, see } = await scene.gather({
    marina: '/weekly-reports',
    olga: '/weekly-reports',
    ivan: '/weekly-reports',
    elena: '/weekly-reports',
    anna: '/',
  });
  const { marina, olga } = at;
  const title = `Anna Petrova, ${IN_WORDS}`;
  const own = marina.page.getByRole('region', { name: 'To parents' }).getByRole('article', { name: `Report ${title}` });
  const received = olga.page.getByRole('article', { name: `Report ${title}` });

  await marina.page.getByRole('button', { name: 'New report' }).click();
  await see(
    async () => {
      const values = { Student: 'Anna Petrova', 'Week starts on': WEEK, Summary: 'A good week with slopes.' };
      await submitDialog(marina.page, 'New weekly report', values, 'Save draft');
      await expect(own).toContainText('Draft');
    },
    { marina: { 'POST /api/tutor-weekly-reports': 1, 'GET /api/tutor-weekly-reports': 1 } },
  );
  await own.getByRole('button', { name: /^Send/ }).click();
  await see(
    async () => {
      await confirmDialog(marina.page, 'Send this report?', 'Send');
      await expect(received).toContainText('A good week with slopes.');
    },
    {
      marina: { 'POST /api/tutor-weekly-reports/:id/send': 1, 'GET /api/tutor-weekly-reports': 1 },
      olga: { 'GET /api/tutor-weekly-reports': 1 },
    },
  );
  await see(
    async () => {
      await received.getByRole('button', { name: /^Mark as read/ }).click();
      await expect(received).toContainText('Read');
      await expect(own).toContainText('Read');
    },
    {
      olga: { 'POST /api/tutor-weekly-reports/:id/read': 1, 'GET /api/tutor-weekly-reports': 1 },
      marina: { 'GET /api/tutor-weekly-reports': 1 },
    },
  );
});

test('a weekly report of a teacher reaches the tutor and never a parent', async ({ scene }) => {
  const { at, see } = await scene.gather({
    elena: '/weekly-reports',
    marina: '/weekly-reports',
    olga: '/weekly-reports',
    anna: '/',
  });
  const { elena, marina, olga } = at;
  await elena.page.getByRole('button', { name: 'New report' }).click();
  await see(
    async () => {
      const values = { Student: 'Anna Petrova', 'Week starts on': WEEK, Summary: 'She asks good questions.' };
      await submitDialog(elena.page, 'New weekly report', values, 'Save draft');
    },
    { elena: { 'POST /api/teacher-weekly-reports': 1, 'GET /api/teacher-weekly-reports': 1 } },
  );
  await elena.page
    .getByRole('article')
    .filter({ hasText: 'She asks good questions.' })
    .getByRole('button', { name: /^Send/ })
    .click();
  await see(
    async () => {
      await confirmDialog(elena.page, 'Send this report?', 'Send');
      await expect(marina.page.getByRole('region', { name: 'From teachers' })).toContainText(
        'She asks good questions.',
      );
    },
    {
      elena: { 'POST /api/teacher-weekly-reports/:id/send': 1, 'GET /api/teacher-weekly-reports': 1 },
      marina: { 'GET /api/teacher-weekly-reports': 1 },
    },
  );
  await olga.page.reload();
  await expect(olga.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(olga.page.getByRole('main')).not.toContainText('She asks good questions.');
});

test("a teacher's report on a student reaches the parent once it is sent", async ({ scene }) => {
  const { at, see } = await scene.gather({
    elena: '/students/3',
    olga: '/children/3',
    marina: '/weekly-reports',
    anna: '/',
    ivan: '/',
  });
  const { elena, olga } = at;
  await elena.page.getByRole('button', { name: 'New report' }).click();
  await see(
    async () => {
      const values = { Title: 'On the first term', Content: 'She is ready for more.' };
      await submitDialog(elena.page, 'New report on Anna Petrova', values, 'Save draft');
    },
    { elena: { 'POST /api/teacher/students/:id/reports': 1, 'GET /api/teacher/students/3/reports': 1 } },
  );
  await elena.page.getByRole('button', { name: 'Send On the first term' }).click();
  await see(
    async () => {
      await confirmDialog(elena.page, 'Send this report?', 'Send');
      await expect(olga.page.getByRole('article', { name: 'Report On the first term' })).toContainText(
        'ready for more',
      );
    },
    {
      elena: { 'POST /api/teacher/student-reports/:id/send': 1, 'GET /api/teacher/students/3/reports': 1 },
      olga: { 'GET /api/parent/children/3/reports': 1 },
    },
  );
});
