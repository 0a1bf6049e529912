import { expect } from 'playwright/test';
import type { Scene } from './scene.js';
import { card, subjectOf } from './sign-in.js';

/** Whom it concerns, and what it costs them. */
const CONCERNED = {
  olga: { 'GET /api/parent/dashboard': 1 },
  anna: { 'GET /api/student/dashboard': 1 },
  elena: { 'GET /api/teacher/dashboard': 1 },
  marina: { 'GET /api/tutor/students': 1 },
} as const;

/** A subject is renamed and gets another colour past the API, which has no such write, and everybody who sees it sees that. */
export async function expectSubjectToFollow(
  { gather }: Scene,
  sql: (statement: string) => Promise<unknown>,
): Promise<void> {
  const { at, see } = await gather({ olga: '/', anna: '/', elena: '/', marina: '/students', ivan: '/' });
  const { olga, anna, elena, marina } = at;
  const rename = (from: string, to: string, color: string) =>
    sql(`UPDATE subjects SET name = '${to}', color = '${color}' WHERE name = '${from}';`);

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
}
