import { submitDialog } from '../support/dialogs.js';
import { card } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

test('a grade that changes alone shows to student, parent, teacher and tutor, and to nobody else', async ({
  scene,
}) => {
  const { at, see } = await scene.gather({
    marina: '/students',
    ivan: '/',
    lev: '/',
    pavel: '/students',
    olga: '/',
    anna: '/',
  });
  const { marina, ivan, lev, pavel } = at;
  const edit = card(marina.page, 'Lev Sokolov').getByRole('button', { name: 'Edit Lev Sokolov' });
  // And back, for others.
  for (const grade of ['10', '9']) {
    await edit.click();
    await see(
      async () => {
        await submitDialog(marina.page, 'Edit Lev Sokolov', { Grade: grade }, 'Save');
        for (const { page } of [marina, ivan, pavel]) {
          await expect(card(page, 'Lev Sokolov')).toContainText(`Grade ${grade}`);
        }
        await expect(lev.page.getByRole('region', { name: 'Your progress' })).toContainText(`Grade${grade}`);
      },
      {
        marina: { 'PATCH /api/tutor/students/:id': 1, 'GET /api/tutor/students': 1 },
        ivan: { 'GET /api/parent/dashboard': 1 },
        lev: { 'GET /api/student/dashboard': 1 },
        pavel: { 'GET /api/teacher/students': 1 },
      },
    );
  }
});
