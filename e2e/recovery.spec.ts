import type { Ready } from '@querycast/protocol';
import { logIn, logInAsTutor, PEOPLE, publish } from './support/api.js';
import type { FaultProxy } from './support/fault-proxy.js';
import { card, liveIndicator, signIn, subjectOf, untilLive } from './support/sign-in.js';
import { expect, test, type Visitor } from './support/test.js';

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

test('a server that was killed and started again meanwhile causes one resync, and the page ends fresh', async ({
  stack,
  faultProxy,
  visit,
}) => {
  const olga = await visit();
  await signIn(olga.page, faultProxy.url, 'Olga Petrova');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await goOffline(olga, faultProxy);
  const before = { requests: olga.wire.requests.length, frames: olga.wire.frames.length };

  const tutor = await logInAsTutor(stack.url);
  await tutor.assign('Anna Petrova', 'Physics');
  await stack.kill();
  await stack.start();
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
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  const { documents } = olga.wire;

  await stack.kill();
  await expect(liveIndicator(olga.page)).not.toHaveText('Live');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await stack.start();
  const tutor = await logInAsTutor(stack.url);
  await tutor.assign('Anna Petrova', 'Physics');

  // Longer than elsewhere: the client backs off while nobody answers.
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: 15_000 });
  expect(olga.wire.documents).toBe(documents);
});

async function goOffline({ page }: Visitor, proxy: FaultProxy): Promise<void> {
  await page.context().setOffline(true);
  proxy.cut();
  await expect(liveIndicator(page)).not.toHaveText('Live');
}

async function goOnline({ page }: Visitor, proxy: FaultProxy): Promise<void> {
  proxy.mend();
  await page.context().setOffline(false);
}

function readyRows(visitor: Visitor, from: number): Ready['rooms'] {
  return visitor.wire.framesOf('ready', from).flatMap((frame) => frame.message.rooms as Ready['rooms']);
}
