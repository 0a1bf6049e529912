import { submitDialog } from '../support/dialogs.js';
import { card, subjectOf } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

test('a child gets other parents: both learn it, and the former ones cannot read it any more', async ({ scene }) => {
  const { at, see } = await scene.gather({
    marina: '/students',
    olga: '/',
    ivan: '/',
    anna: '/',
  });
  const { marina, olga, ivan } = at;
  await card(marina.page, 'Anna Petrova').getByRole('button', { name: 'Edit Anna Petrova' }).click();
  await see(
    async () => {
      await submitDialog(marina.page, 'Edit Anna Petrova', { Parent: 'Ivan Sokolov' }, 'Save');
      await expect(card(olga.page, 'Anna Petrova')).toHaveCount(0);
      await expect(card(ivan.page, 'Anna Petrova')).toBeVisible();
    },
    {
      marina: { 'PATCH /api/tutor/students/:id': 1, 'GET /api/tutor/students': 1 },
      olga: { 'GET /api/parent/dashboard': 1 },
      ivan: { 'GET /api/parent/dashboard': 1 },
    },
  );
  const other = await olga.page.context().newPage();
  await other.goto(`${scene.stack.url}/children/3`);
  await expect(other.getByText('You have no child at this address.')).toBeVisible();
  await other.close();

  await card(marina.page, 'Anna Petrova').getByRole('button', { name: 'Edit Anna Petrova' }).click();
  await see(
    async () => {
      await submitDialog(marina.page, 'Edit Anna Petrova', { Parent: 'Olga Petrova' }, 'Save');
      await expect(card(ivan.page, 'Anna Petrova')).toHaveCount(0);
      await expect(card(olga.page, 'Anna Petrova')).toBeVisible();
    },
    {
      marina: { 'PATCH /api/tutor/students/:id': 1, 'GET /api/tutor/students': 1 },
      olga: { 'GET /api/parent/dashboard': 1 },
      ivan: { 'GET /api/parent/dashboard': 1 },
    },
  );
});

test('a teacher renames herself, and everybody who sees her name sees the new one', async ({ scene }) => {
  const { at, see } = await scene.gather({
    elena: '/profile',
    olga: '/',
    anna: '/',
    marina: '/students',
    ivan: '/',
    pavel: '/',
  });
  const { elena, olga, anna, marina } = at;
  // And back, for others who look for her by her name.
  for (const lastName of ['Orlova-Klein', 'Orlova']) {
    const name = `Elena ${lastName}`;
    const ofHer = new RegExp(`${name}(?!-)`);
    await see(
      async () => {
        const form = elena.page.getByRole('form', { name: 'Name' });
        await form.getByLabel('Last name').fill(lastName);
        await form.getByRole('button', { name: 'Save name' }).click();
        await expect(elena.page.getByRole('button', { name: `Account of ${name}`, exact: true })).toBeVisible();
        await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toContainText(ofHer);
        await expect(anna.page.getByRole('main')).toContainText(ofHer);
        await expect(card(marina.page, 'Anna Petrova')).toContainText(ofHer);
      },
      {
        elena: { 'PATCH /api/auth/me': 1, 'GET /api/auth/me': 1 },
        olga: { 'GET /api/parent/dashboard': 1 },
        anna: { 'GET /api/student/dashboard': 1 },
        marina: { 'GET /api/tutor/students': 1 },
      },
    );
  }
});
