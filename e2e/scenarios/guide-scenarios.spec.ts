import { submitDialog } from '../support/dialogs.js';
import { card, subjectOf } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';
import { assignInPage } from '../support/tutor-page.js';

test('the four scenarios of the guide, each on the screens of everybody whom it concerns', async ({ scene }) => {
  const { at, see, move } = await scene.gather({
    marina: '/students',
    olga: '/',
    anna: '/',
    elena: '/',
    ivan: '/',
  });

  await test.step('1: a tutor assigns a subject', async () => {
    const taught = at.elena.page.getByRole('region', { name: 'Subjects you teach' });
    const before = (await taught.textContent()) ?? '';
    await see(
      async () => {
        await assignInPage(at.marina.page, 'Anna Petrova', 'Physics');
        await expect(subjectOf(at.olga.page, 'Anna Petrova', 'Physics')).toBeVisible();
        await expect(at.anna.page.getByRole('region', { name: 'Your subjects' })).toContainText('Physics');
        await expect(taught).not.toHaveText(before);
      },
      {
        marina: { 'POST /api/tutor/students/:id/subjects': 1, 'GET /api/tutor/students': 1 },
        olga: { 'GET /api/parent/dashboard': 1 },
        anna: { 'GET /api/student/dashboard': 1 },
        elena: { 'GET /api/teacher/dashboard': 1 },
      },
    );
  });

  await test.step('2: a teacher sends a study plan', async () => {
    await move({ elena: '/plans', anna: '/plans', marina: '/' });
    await at.elena.page.getByRole('button', { name: 'New plan' }).click();
    await see(
      async () => {
        await submitDialog(
          at.elena.page,
          'New plan',
          {
            Student: 'Anna Petrova',
            Subject: 'Mathematics',
            Title: 'Graphs of lines',
            Content: 'Draw three lines and name them.',
            'Send at once': true,
          },
          'Send plan',
        );
        await expect(card(at.olga.page, 'Anna Petrova')).toContainText('Graphs of lines');
        await expect(card(at.anna.page, 'Plan Graphs of lines')).toContainText('Draw three lines');
      },
      {
        elena: { 'POST /api/teacher/study-plans': 1, 'GET /api/teacher/study-plans': 1 },
        olga: { 'GET /api/parent/dashboard': 1 },
        anna: { 'GET /api/student/study-plans': 1 },
      },
    );
  });

  await test.step('3: a student makes progress', async () => {
    await move({ anna: '/materials', elena: '/materials', marina: '/students' });
    await at.anna.page.getByRole('button', { name: 'Report progress of Twenty linear equations' }).click();
    await see(
      async () => {
        await submitDialog(
          at.anna.page,
          'Report progress of Twenty linear equations',
          { 'Progress in percent': '60', 'Minutes spent since the last report': '15' },
          'Report',
        );
        await expect(card(at.olga.page, 'Anna Petrova')).toContainText('80%');
        await expect(card(at.elena.page, 'Material Twenty linear equations')).toContainText('60%');
        await expect(card(at.marina.page, 'Anna Petrova')).toContainText('80%');
      },
      {
        anna: { 'POST /api/student/materials/:id/progress': 1, 'GET /api/student/materials': 1 },
        olga: { 'GET /api/parent/dashboard': 1 },
        elena: { 'GET /api/teacher/materials': 1, 'GET /api/teacher/students': 1 },
        marina: { 'GET /api/tutor/students': 1 },
      },
    );
  });

  await test.step('4: a profile changes', async () => {
    await move({ olga: '/children/3', anna: '/', elena: '/students' });
    await card(at.marina.page, 'Anna Petrova').getByRole('button', { name: 'Edit Anna Petrova' }).click();
    await see(
      async () => {
        await submitDialog(at.marina.page, 'Edit Anna Petrova', { Grade: '8', Goal: 'Win the olympiad' }, 'Save');
        await expect(at.olga.page.getByRole('main')).toContainText('Win the olympiad');
        await expect(at.anna.page.getByRole('main')).toContainText('Win the olympiad');
        await expect(at.elena.page.getByRole('main')).toContainText('Win the olympiad');
      },
      {
        marina: { 'PATCH /api/tutor/students/:id': 1, 'GET /api/tutor/students': 1 },
        olga: { 'GET /api/parent/children': 1 },
        anna: { 'GET /api/student/dashboard': 1 },
        elena: { 'GET /api/teacher/students': 1 },
      },
    );
  });
});
