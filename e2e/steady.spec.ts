import type { Page } from 'playwright/test';
import { comeIn, type Person } from './support/person.js';
import { progressWriter } from './support/progress-writer.js';
import { card } from './support/sign-in.js';
import { expect, test } from './support/test.js';

/** What Anna's exercise comes to, one after the other; with her completed lesson the mean is half of it and 50. */
const TWENTY = Array.from({ length: 20 }, (_, index) => 42 + 2 * index);
const LAST_IN_EXERCISE = 80;
const LAST_OVERALL = (100 + LAST_IN_EXERCISE) / 2;

test('twenty changes arrive on the pages of parent, student, teacher and tutor without moving anything', async ({
  stack,
  visit,
}) => {
  const people = [
    await comeIn(await visit(), stack.url, 'olga', '/'),
    await comeIn(await visit(), stack.url, 'olga', '/children/3'),
    await comeIn(await visit(), stack.url, 'anna', '/materials'),
    await comeIn(await visit(), stack.url, 'elena', '/materials'),
    await comeIn(await visit(), stack.url, 'marina', '/students'),
  ];
  for (const { page } of people) await watchShifts(page);
  await make(TWENTY, stack.url);
  for (const { page } of people)
    await expect(page.getByRole('main')).toContainText(new RegExp(`${LAST_OVERALL}%|${LAST_IN_EXERCISE}%`));
  for (const { page } of people) expect(await shiftsOn(page), page.url()).toEqual([]);
});

test('a half-typed form, its focus and the scroll position survive twenty changes', async ({ stack, visit }) => {
  const marina = await comeIn(await visit(), stack.url, 'marina', '/students');
  await marina.page.setViewportSize({ width: 1000, height: 420 });
  await card(marina.page, 'Anna Petrova').getByRole('button', { name: /^Edit/ }).click();
  const goal = marina.page.getByRole('dialog').getByLabel('Goal');
  await goal.fill('Half of a sen');
  const olga = await comeIn(await visit(), stack.url, 'olga', '/');
  await olga.page.setViewportSize({ width: 500, height: 420 });
  await olga.page.evaluate(() => window.scrollTo(0, 260));
  const scrolled = await scrollOf(olga);
  expect(scrolled).toBeGreaterThan(100);

  await make(TWENTY, stack.url);
  await expect(olga.page.getByRole('main')).toContainText(`${LAST_OVERALL}%`);
  await expect(card(marina.page, 'Anna Petrova')).toContainText(`${LAST_OVERALL}%`);
  await expect(goal).toHaveValue('Half of a sen');
  await expect(goal).toBeFocused();
  await marina.page.keyboard.type('tence');
  await expect(goal).toHaveValue('Half of a sentence');
  expect(await scrollOf(olga)).toBe(scrolled);
});

async function make(changes: readonly number[], url: string): Promise<void> {
  const anna = await progressWriter(url);
  for (const change of changes) await anna.report(change);
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
