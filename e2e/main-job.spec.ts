import { logIn, logInAsTutor, PEOPLE, publish } from './support/api.js';
import { untilMarker } from './support/marker.js';
import { card, signIn, subjectOf, untilLive } from './support/sign-in.js';
import { expect, test } from './support/test.js';
import { assignInPage, openStudents, unassignInPage } from './support/tutor-page.js';

test.use({ platform: 'shared' });

/** What the product promises between a commit and the parent's screen. */
const SHOWN_WITHIN_MS = 2_000;

test('the parent sees an assigned subject by itself, with one frame and one fetch, and other parents nothing', async ({
  stack,
  visit,
}) => {
  const [olga, ivan, marina] = [await visit(), await visit(), await visit()];
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await signIn(ivan.page, stack.url, 'Ivan Sokolov');
  await signIn(marina.page, stack.url, 'Marina Belova');
  await openStudents(marina.page);
  const physics = subjectOf(olga.page, 'Anna Petrova', 'Physics');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await expect(physics).toHaveCount(0);
  await expect(subjectOf(ivan.page, 'Lev Sokolov', 'English')).toBeVisible();
  const before = {
    olga: { requests: olga.wire.requests.length, documents: olga.wire.documents },
    ivan: { requests: ivan.wire.requests.length },
  };

  await assignInPage(marina.page, 'Anna Petrova', 'Physics');
  await expect(physics).toBeVisible({ timeout: SHOWN_WITHIN_MS });
  await expect(physics).toContainText('Elena Orlova');

  await unassignInPage(marina.page, 'Anna Petrova', 'Physics');
  await expect(physics).toHaveCount(0, { timeout: SHOWN_WITHIN_MS });

  await untilMarker(stack.url, PEOPLE.olga, olga.wire);
  // One for each change, and the marker.
  expect(olga.wire.framesOf('invalidate')).toHaveLength(3);
  expect(olga.wire.counts(before.olga.requests)).toEqual({ 'GET /api/parent/dashboard': 2 });
  expect(olga.wire.documents).toBe(before.olga.documents);

  // A change that does concern Ivan shows that the two before it reached neither his socket nor his page.
  const tutor = await logInAsTutor(stack.url);
  await tutor.assign('Lev Sokolov', 'Physics');
  await expect(subjectOf(ivan.page, 'Lev Sokolov', 'Physics')).toBeVisible({ timeout: SHOWN_WITHIN_MS });
  expect(ivan.wire.framesOf('invalidate')).toHaveLength(1);
  expect(ivan.wire.counts(before.ivan.requests)).toEqual({ 'GET /api/parent/dashboard': 1 });
});

test('a dashboard that is not on the screen is marked stale without a request, and fetched once on return', async ({
  stack,
  visit,
}) => {
  const olga = await visit();
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await card(olga.page, 'Misha Petrov').getByRole('link').first().click();
  await expect(olga.page.getByRole('heading', { name: 'Misha Petrov' })).toBeVisible();
  await expect(subjectOf(olga.page, 'Misha Petrov', 'English')).toBeVisible();
  await untilLive(olga.page);
  const before = olga.wire.requests.length;

  const tutor = await logInAsTutor(stack.url);
  await tutor.assign('Anna Petrova', 'Physics');
  await expect.poll(() => olga.wire.framesOf('invalidate').length).toBe(1);

  // A key that is on the screen, published afterwards: when its fetch is done, the other would have been sent as well.
  const parent = await logIn(stack.url, PEOPLE.olga);
  const misha = await tutor.student('Misha Petrov');
  await publish(stack.url, {
    rooms: [`parent:${parent.login.user.id}`],
    keys: [['parent-child-subjects', misha.id]],
  });
  const subjectsOfMisha = `GET /api/parent/children/${misha.id}/subjects`;
  await expect.poll(() => olga.wire.counts(before)[subjectsOfMisha]).toBe(1);
  expect(olga.wire.counts(before)['GET /api/parent/dashboard']).toBeUndefined();

  await olga.page.goBack();
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: SHOWN_WITHIN_MS });
  expect(olga.wire.counts(before)['GET /api/parent/dashboard']).toBe(1);
});
