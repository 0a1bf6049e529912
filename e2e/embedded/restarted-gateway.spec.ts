import { counterOf, factOf, guidedStep, openDemo } from '../support/demo-page.js';
import { card } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

test('after a restart of the gateway the pane kept by Querycast catches up by itself, and the other one does not', async ({
  stack,
  visit,
}) => {
  const { page, wire } = await visit();
  const { querycast, handWritten } = await openDemo(page, stack.url);
  const fetches = await counterOf(querycast, 'fetches');
  await page.getByRole('button', { name: 'Restart the gateway' }).click();
  await expect(querycast.getByRole('status').first()).not.toHaveText('Live');
  await expect(handWritten.getByRole('status').first()).toHaveText('Socket disconnected');
  // The API goes on while nobody can be told.
  await guidedStep(page, 'Profile changes').getByRole('button').click();

  await expect(card(querycast, 'Anna Petrova')).toContainText('Grade 8');
  await expect(querycast.getByRole('status').first()).toHaveText('Live');
  await expect(querycast.getByLabel('caught up')).toHaveText(/^caught up: \d+ keys$/);
  expect(await counterOf(querycast, 'fetches')).toBe(fetches + 1);
  await expect(factOf(guidedStep(page, 'Profile changes'), 'On screen')).toHaveText(/Querycast [\d.]+ m?s/);

  await expect(handWritten.getByRole('status').first()).toHaveText('Socket connected');
  await expect(card(handWritten, 'Anna Petrova')).toContainText('Grade 7');
  expect(wire.documents).toBe(1);
});
