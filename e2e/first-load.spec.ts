import { logInAsTutor } from './support/api.js';
import { createGate } from './support/gate.js';
import { card, signIn, subjectOf, untilLive } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

const FRESH_WITHIN_MS = 5_000;

test('an assignment between the first read and the subscription is not missed', async ({ stack, visit }) => {
  const olga = await visit();
  const socket = createGate();
  await olga.page.routeWebSocket(/\/socket\.io\//, async (route) => {
    await socket.pass();
    route.connectToServer();
  });
  await olga.page.goto(`${stack.url}/login`);
  await olga.page.getByRole('button', { name: 'Olga Petrova' }).click();
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await socket.reached;

  const tutor = await logInAsTutor(stack.url);
  await tutor.assign('Anna Petrova', 'Physics');
  // Nothing has told the page yet: what it shows now is stale, and it has no way to know.
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toHaveCount(0);
  socket.open();

  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: FRESH_WITHIN_MS });
  await untilLive(olga.page);
});

test('a frame during a first load is not taken for news the load has brought', async ({ stack, visit }) => {
  const olga = await visit();
  const answer = createGate();
  // The first answer is read by the server before the assignment and arrives after its frame.
  await olga.page.route('**/api/parent/dashboard', async (route) => {
    const response = await route.fetch();
    await answer.pass();
    await route.fulfill({ response });
  });
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await answer.reached;

  const tutor = await logInAsTutor(stack.url);
  await tutor.assign('Anna Petrova', 'Physics');
  await expect.poll(() => olga.wire.framesOf('invalidate').length).toBe(1);
  answer.open();

  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: FRESH_WITHIN_MS });
  expect(olga.wire.counts()['GET /api/parent/dashboard']).toBe(2);
});

test('a frame during the first load of a page that was left meanwhile is not lost', async ({ stack, visit }) => {
  const olga = await visit();
  await signIn(olga.page, stack.url, 'Olga Petrova');
  const tutor = await logInAsTutor(stack.url);
  const anna = await tutor.student('Anna Petrova');
  const answer = createGate();
  await olga.page.route(`**/api/parent/children/${anna.id}/subjects`, async (route) => {
    const response = await route.fetch();
    await answer.pass();
    await route.fulfill({ response });
  });
  await card(olga.page, 'Anna Petrova').getByRole('link').first().click();
  await answer.reached;
  await olga.page.goBack();
  await expect(card(olga.page, 'Misha Petrov')).toBeVisible();

  await tutor.assign('Anna Petrova', 'Physics');
  await expect.poll(() => olga.wire.framesOf('invalidate').length).toBe(1);
  answer.open();

  await card(olga.page, 'Anna Petrova').getByRole('link').first().click();
  await expect(olga.page.getByRole('heading', { name: 'Anna Petrova' })).toBeVisible();
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: FRESH_WITHIN_MS });
});
