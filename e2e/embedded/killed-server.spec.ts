import { logInAsTutor } from '../support/api.js';
import { goOffline, goOnline, readyRows } from '../support/offline.js';
import { liveIndicator, signInAsOlga, subjectOf, untilLive } from '../support/sign-in.js';
import { onlyNode } from '../support/stack.js';
import { expect, test } from '../support/test.js';

const RECOVERED_WITHIN_MS = 5_000;

test('a server that was killed and started again meanwhile causes one resync, and the page ends fresh', async ({
  stack,
  faultProxy,
  visit,
}) => {
  const olga = await visit();
  await signInAsOlga(olga.page, faultProxy.url);
  await goOffline(olga, faultProxy);
  const before = { requests: olga.wire.requests.length, frames: olga.wire.frames.length };

  const tutor = await logInAsTutor(stack.url);
  await tutor.assign('Anna Petrova', 'Physics');
  await onlyNode(stack).kill();
  await onlyNode(stack).start();
  await goOnline(olga, faultProxy);

  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: RECOVERED_WITHIN_MS });
  await untilLive(olga.page);
  expect(readyRows(olga, before.frames)).toMatchObject([{ status: 'resync' }]);
  expect(olga.wire.counts(before.requests)['GET /api/parent/dashboard']).toBe(1);

  // And it goes on as ever.
  await tutor.assign('Anna Petrova', 'English');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'English')).toBeVisible({ timeout: RECOVERED_WITHIN_MS });
});

test('a server that is killed under an open page comes back to it without a reload', async ({ stack, visit }) => {
  const olga = await visit();
  await signInAsOlga(olga.page, stack.url);
  const { documents } = olga.wire;

  await onlyNode(stack).kill();
  await expect(liveIndicator(olga.page)).not.toHaveText('Live');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await onlyNode(stack).start();
  const tutor = await logInAsTutor(stack.url);
  await tutor.assign('Anna Petrova', 'Physics');

  // Longer than elsewhere: the client backs off while nobody answers.
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: 15_000 });
  expect(olga.wire.documents).toBe(documents);
});
