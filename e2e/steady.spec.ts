import type { Page } from 'playwright/test';
import { type Family, newFamily } from './support/family.js';
import { comeIn, type Person } from './support/person.js';
import { card } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

/** What the exercise comes to, one after the other: from one digit to two, and on to three. */
const TWENTY = [7, 8, 9, 10, 11, 18, 25, 32, 39, 46, 53, 60, 67, 74, 81, 88, 96, 98, 99, 100];

test('twenty changes arrive on the pages of parent, student, teacher and tutor without moving anything', async ({
  stack,
  visit,
}) => {
  const family = await newFamily(stack.url, 'Steady');
  const { parent, student, studentId } = family;
  const people = [
    await comeIn(await visit(), stack.url, parent, '/'),
    await comeIn(await visit(), stack.url, parent, `/children/${studentId}`),
    await comeIn(await visit(), stack.url, student, '/materials'),
    await comeIn(await visit(), stack.url, student, '/progress'),
    await comeIn(await visit(), stack.url, 'elena', '/materials'),
    await comeIn(await visit(), stack.url, 'elena', `/students/${studentId}`),
    await comeIn(await visit(), stack.url, 'marina', '/students'),
  ] as const;
  for (const { page } of people) await watchShifts(page);
  await make(TWENTY, family);
  // Another material of hers has been at 100 % all the while.
  await expect(card(people[4].page, 'Material Counting with Steady')).toContainText('100%');
  for (const { page } of people) await expect(page.getByRole('main')).toContainText('100%');
  for (const { page } of people) expect(await shiftsOn(page), page.url()).toEqual([]);
});

test('a half-typed form, its focus and the scroll position survive twenty changes', async ({ stack, visit }) => {
  const family = await newFamily(stack.url, 'Typing');
  const { parent, name } = family;
  const marina = await comeIn(await visit(), stack.url, 'marina', '/students');
  await marina.page.setViewportSize({ width: 1000, height: 420 });
  await card(marina.page, name).getByRole('button', { name: /^Edit/ }).click();
  const goal = marina.page.getByRole('dialog').getByLabel('Goal');
  await goal.fill('Half of a sen');
  const eva = await comeIn(await visit(), stack.url, parent, '/');
  await eva.page.setViewportSize({ width: 500, height: 420 });
  await eva.page.evaluate(() => window.scrollTo(0, 260));
  const scrolled = await scrollOf(eva);
  expect(scrolled).toBeGreaterThan(100);

  await make(TWENTY, family);
  await expect(eva.page.getByRole('main')).toContainText('100%');
  await expect(card(marina.page, name)).toContainText('100%');
  await expect(goal).toHaveValue('Half of a sen');
  await expect(goal).toBeFocused();
  await marina.page.keyboard.type('tence');
  await expect(goal).toHaveValue('Half of a sentence');
  expect(await scrollOf(eva)).toBe(scrolled);
});

async function make(changes: readonly number[], family: Family): Promise<void> {
  for (const change of changes) await family.report(change);
}

function scrollOf({ page }: Person): Promise<number> {
  return page.evaluate(() => window.scrollY);
}

interface Shift {
  readonly value: number;
  readonly of: readonly (string | undefined)[];
}

/** Notes every layout shift from here on, also those right after somebody typed. */
async function watchShifts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shifts: Shift[] = [];
    Object.assign(window, { layoutShifts: shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; sources?: { node?: Node }[] }[]) {
        shifts.push({
          value: entry.value,
          of: (entry.sources ?? []).map(({ node }) => node?.textContent?.slice(0, 40)),
        });
      }
    }).observe({ type: 'layout-shift' });
  });
}

function shiftsOn(page: Page): Promise<Shift[]> {
  return page.evaluate(() => (window as unknown as { layoutShifts: Shift[] }).layoutShifts);
}
