import { counter, logInAsTutor } from '../support/api.js';
import { nodeOf, processOf } from '../support/nodes.js';
import { goOffline, goOnline, readyRows } from '../support/offline.js';
import { card, signIn, signInAsOlga, subjectOf, untilLive } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

const RECOVERED_WITHIN_MS = 5_000;

test('gateways that are killed and started again while the parent is away lose nothing: exactly the changed keys', async ({
  stack,
  faultProxy,
  visit,
}) => {
  const olga = await visit();
  await signIn(olga.page, faultProxy.url, 'Olga Petrova');
  await card(olga.page, 'Anna Petrova').getByRole('link').first().click();
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await untilLive(olga.page);
  await goOffline(olga, faultProxy);
  const before = { requests: olga.wire.requests.length, frames: olga.wire.frames.length };

  const published = () => counter(stack, 'relay_rows_total', { result: 'published' });
  const publishedBefore = await published();
  const tutor = await logInAsTutor(stack.url);
  const { studentId } = await tutor.assign('Anna Petrova', 'Physics');
  await expect.poll(published).toBeGreaterThan(publishedBefore);
  await Promise.all(stack.nodes.map((node) => node.kill()));
  await Promise.all(stack.nodes.map((node) => node.start()));
  await goOnline(olga, faultProxy);

  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: RECOVERED_WITHIN_MS });
  await untilLive(olga.page);
  const [row, ...others] = readyRows(olga, before.frames);
  expect(others).toEqual([]);
  expect(row?.status).toBe('recovered');
  expect(new Set(row?.keys.map(String))).toEqual(
    new Set([
      'parent-dashboard',
      'parent-children',
      `parent-child-subjects,${studentId}`,
      `student-progress,${studentId}`,
    ]),
  );
  expect(olga.wire.counts(before.requests)[`GET /api/parent/children/${studentId}/subjects`]).toBe(1);
  expect(olga.wire.counts(before.requests)['GET /api/parent/dashboard']).toBeUndefined();
});

test('a page whose gateway is killed goes on at the other one, without a reload and with nothing lost', async ({
  stack,
  visit,
}) => {
  const olga = await visit();
  await signInAsOlga(olga.page, stack.url);
  const { documents } = olga.wire;
  const from = olga.wire.frames.length;
  const home = nodeOf(olga);
  const killed = await processOf(stack, home);
  const survivor = stack.nodes.find((node) => node !== killed);

  await killed.kill();
  const tutor = await logInAsTutor(survivor?.url ?? '');
  await tutor.assign('Anna Petrova', 'Physics');

  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: RECOVERED_WITHIN_MS });
  await untilLive(olga.page);
  expect(readyRows(olga, from)).toMatchObject([{ status: 'recovered' }]);
  expect(nodeOf(olga)).not.toBe(home);
  expect(olga.wire.documents).toBe(documents);
});
