import type { Row } from '@querycast/protocol';
import { PEOPLE } from './support/api.js';
import { assignInDemo, counterOf, cutWire, factOf, mendWire, openDemo, unassignInDemo } from './support/demo-page.js';
import { untilMarker } from './support/marker.js';
import { subjectOf } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

const SHOWN_WITHIN_MS = 2_000;

/** More than once per child, so that catching up has something to unite. */
const ASSIGNMENTS = [
  ['Anna Petrova', 'Physics'],
  ['Anna Petrova', 'English'],
  ['Misha Petrov', 'Mathematics'],
  ['Misha Petrov', 'Physics'],
  ['Misha Petrov', 'English'],
] as const;

test('with the wire whole, both panes show an assignment by themselves', async ({ stack, visit }) => {
  const { page, wire } = await visit();
  const { querycast, handWritten } = await openDemo(page, stack.url);
  await assignInDemo(page, 'Anna Petrova', 'Physics');
  for (const pane of [querycast, handWritten]) {
    await expect(subjectOf(pane, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: SHOWN_WITHIN_MS });
  }
  await untilMarker(stack.url, PEOPLE.olga, wire);
  // The first load and one more.
  for (const pane of [querycast, handWritten]) expect(await counterOf(pane, 'fetches')).toBe(2);
});

test('after five assignments behind a cut wire Querycast ends right, and the hand-written pane has missed them', async ({
  stack,
  visit,
}) => {
  const { page, wire } = await visit();
  const { querycast, handWritten } = await openDemo(page, stack.url);
  await unassignInDemo(page, 'Misha Petrov', 'English');
  for (const pane of [querycast, handWritten]) {
    await expect(subjectOf(pane, 'Misha Petrov', 'English')).toHaveCount(0);
  }

  await cutWire(page);
  const frames = wire.frames.length;
  const fetches = await counterOf(querycast, 'fetches');
  for (const [student, subject] of ASSIGNMENTS) await assignInDemo(page, student, subject);
  for (const pane of [querycast, handWritten]) {
    await expect.poll(() => counterOf(pane, 'seconds stale')).toBeGreaterThan(0);
    await expect(subjectOf(pane, 'Anna Petrova', 'Physics')).toHaveCount(0);
  }
  await mendWire(page);

  for (const [student, subject] of ASSIGNMENTS) {
    await expect(subjectOf(querycast, student, subject)).toBeVisible();
    await expect(subjectOf(handWritten, student, subject)).toHaveCount(0);
  }
  const rows = wire.framesOf('ready', frames).flatMap((frame) => frame.message.rooms as Row[]);
  expect(rows).toMatchObject([{ status: 'recovered' }]);
  await expect(querycast).toContainText(`caught up: ${rows[0]?.keys.length} keys`);
  expect(await counterOf(querycast, 'fetches')).toBe(fetches + 1);

  // One account is closed, the other one goes on for as long as nobody reloads.
  const closed = await counterOf(querycast, 'seconds stale');
  const open = await counterOf(handWritten, 'seconds stale');
  await expect.poll(() => counterOf(handWritten, 'seconds stale')).toBeGreaterThan(open);
  expect(await counterOf(querycast, 'seconds stale')).toBe(closed);
});

test('a step behind a cut wire tells that it was published, and its time once the wire is mended', async ({
  stack,
  visit,
}) => {
  const { page } = await visit();
  await openDemo(page, stack.url);
  await cutWire(page);
  const step = page.getByRole('article', { name: 'Profile changes' });
  await step.getByRole('button').click();
  await expect(factOf(step, 'Published')).toHaveText(/^\d+ ms$/);
  await expect(factOf(step, 'On screen')).toHaveText('Querycast not yetby hand not yet');
  await mendWire(page);
  await expect(factOf(step, 'On screen')).toHaveText(/Querycast \d+(\.\d)? m?sby hand not yet/);
});
