import { card, subjectOf } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

/** Whom it concerns, and what it costs them. */
const CONCERNED = {
  olga: { 'GET /api/parent/dashboard': 1 },
  anna: { 'GET /api/student/dashboard': 1 },
  elena: { 'GET /api/teacher/dashboard': 1 },
  marina: { 'GET /api/tutor/students': 1 },
} as const;

test('a subject is renamed and gets another colour, and everybody who sees it sees that', async ({ scene }) => {
  const { servers } = scene.stack;
  if (!servers) throw new Error('only a distributed stack has servers');
  const { at, see } = await scene.gather({ olga: '/', anna: '/', elena: '/', marina: '/students', ivan: '/' });
  const { olga, anna, elena, marina } = at;
  const rename = (from: string, to: string, color: string) =>
    servers.postgres.psql(
      servers.database,
      `UPDATE subjects SET name = '${to}', color = '${color}' WHERE name = '${from}';`,
    );

  await see(async () => {
    await rename('Mathematics', 'Mathematics and logic', '#aa3311');
    const shown = subjectOf(olga.page, 'Anna Petrova', 'Mathematics and logic');
    await expect(shown.locator('[style*="170, 51, 17"]').first()).toBeAttached();
    for (const { page } of [anna, elena]) await expect(page.getByRole('main')).toContainText('Mathematics and logic');
    await expect(card(marina.page, 'Anna Petrova')).toContainText('Mathematics and logic');
  }, CONCERNED);
  await see(async () => {
    await rename('Mathematics and logic', 'Mathematics', '#2f6fde');
    await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).not.toContainText('logic');
  }, CONCERNED);
});
