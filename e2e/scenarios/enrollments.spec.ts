import { submitDialog } from '../support/dialogs.js';
import { card } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';
import { assignInPage, unassignInPage } from '../support/tutor-page.js';

const CHANGED_SUBJECTS = {
  olga: {
    'GET /api/parent/children': 1,
    'GET /api/parent/children/4/subjects': 1,
    'GET /api/parent/children/4/progress': 1,
  },
  misha: { 'GET /api/student/progress': 1 },
  elena: { 'GET /api/teacher/students': 1 },
} as const;

test('several subjects at once, one taken away, and the same given back', async ({ scene }) => {
  const { at, see } = await scene.gather({
    marina: '/students',
    olga: '/children/4',
    misha: '/progress',
    elena: '/students',
    ivan: '/',
  });
  const { marina, olga, misha, elena } = at;
  const subjects = olga.page.getByRole('region', { name: 'Subjects' });
  const progress = misha.page.getByRole('main');

  await card(marina.page, 'Misha Petrov')
    .getByRole('button', { name: /^Assign several/ })
    .click();
  await see(
    async () => {
      await submitDialog(
        marina.page,
        'Assign several subjects to Misha Petrov',
        { 'Mathematics with Elena Orlova': true, 'Physics with Elena Orlova': true },
        'Assign all ticked',
      );
      for (const place of [subjects, progress]) {
        await expect(place).toContainText('Mathematics');
        await expect(place).toContainText('Physics');
      }
      await expect(elena.page.getByRole('main')).toContainText('Misha Petrov');
    },
    {
      ...CHANGED_SUBJECTS,
      marina: { 'POST /api/tutor/students/:id/subjects/bulk': 1, 'GET /api/tutor/students': 1 },
    },
  );

  await see(
    async () => {
      await unassignInPage(marina.page, 'Misha Petrov', 'Physics');
      await expect(subjects).not.toContainText('Physics');
      await expect(progress.getByText('Physics', { exact: true })).toHaveCount(0);
    },
    {
      ...CHANGED_SUBJECTS,
      marina: { 'DELETE /api/tutor/students/:id/subjects/:id': 1, 'GET /api/tutor/students': 1 },
    },
  );

  await see(
    async () => {
      await assignInPage(marina.page, 'Misha Petrov', 'Physics');
      await expect(subjects).toContainText('Physics');
      await expect(progress).toContainText('Physics');
    },
    {
      ...CHANGED_SUBJECTS,
      marina: { 'POST /api/tutor/students/:id/subjects': 1, 'GET /api/tutor/students': 1 },
    },
  );
});
