import { logIn, logInAsTutor, PEOPLE, publish } from './support/api.js';
import { goOffline, goOnline, readyRows } from './support/offline.js';
import { card, signIn, subjectOf, untilLive } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

const RECOVERED_WITHIN_MS = 5_000;

test('a browser that was offline recovers from its position and fetches the changed keys only', async ({
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

  const tutor = await logInAsTutor(stack.url);
  const { studentId } = await tutor.assign('Anna Petrova', 'Physics');
  const parent = await logIn(stack.url, PEOPLE.olga);
  const room = `parent:${parent.login.user.id}` as const;
  await goOnline(olga, faultProxy);

  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: RECOVERED_WITHIN_MS });
  const [row] = readyRows(olga, before.frames);
  expect(row).toMatchObject({ room, status: 'recovered' });
  expect(row?.keys).toContainEqual(['parent-child-subjects', studentId]);
  expect(olga.wire.counts(before.requests)[`GET /api/parent/children/${studentId}/subjects`]).toBe(1);

  // The same again with a key that no mounted query has: nothing is fetched at all. A key that one has shows when.
  await goOffline(olga, faultProxy);
  const second = { requests: olga.wire.requests.length, frames: olga.wire.frames.length };
  await publish(stack.url, { rooms: [room], keys: [['of-another-page']] });
  await goOnline(olga, faultProxy);
  await untilLive(olga.page);
  expect(readyRows(olga, second.frames)).toMatchObject([{ room, status: 'recovered', keys: [['of-another-page']] }]);
  await publish(stack.url, { rooms: [room], keys: [['parent-child-subjects', studentId]] });
  const subjects = `GET /api/parent/children/${studentId}/subjects`;
  await expect.poll(() => olga.wire.counts(second.requests)).toEqual({ [subjects]: 1 });
});
