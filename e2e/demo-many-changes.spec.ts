import type { ParentDashboard } from '@querycast/platform-protocol';
import { logIn, PEOPLE } from './support/api.js';
import { counterOf, factOf, makeManyChanges, openDemo, takeStep } from './support/demo-page.js';
import { card } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test('after 500 changes the pane kept by Querycast is right with at most 8 fetches, and the other pane’s counters tell what it cost', async ({
  stack,
  visit,
}) => {
  const { page } = await visit();
  const { querycast, handWritten } = await openDemo(page, stack.url);
  await makeManyChanges(page);
  const olga = await logIn(stack.url, PEOPLE.olga);
  const { children } = await olga.get<ParentDashboard>('/api/demo/dashboard');
  for (const { name, goal } of children) {
    expect(goal).toMatch(/^Solve \d+ of 500 problems$/);
    await expect(card(querycast, name)).toContainText(goal);
  }
  // One more, which is told after all of them.
  const last = await takeStep(page, 'Profile changes');
  await expect(factOf(last, 'Published')).toHaveText(/^\d+ ms$/);
  // The first load, those of the 500, and that of the one.
  expect(await counterOf(querycast, 'fetches')).toBeLessThanOrEqual(1 + 8 + 1);
  await expect.poll(() => counterOf(handWritten, 'events')).toBe(501);
  expect(await counterOf(handWritten, 'fetches')).toBeGreaterThan(100);
});
