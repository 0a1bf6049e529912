import { counter, logInAsTutor } from '../support/api.js';
import { liveIndicator, signInAsOlga, subjectOf } from '../support/sign-in.js';
import { expect, test, type Visitor } from '../support/test.js';
import { ASSIGN_PHYSICS } from '../support/written-by-psql.js';

const HEALED_WITHIN_MS = 5_000;
/** A page that is not live for 10 s begins to poll. */
const POLLS_WITHIN_MS = 15_000;

const DASHBOARD = 'GET /api/parent/dashboard';

test('while Redis is away writes succeed and the page polls; when it is back all heals, and refetches are spread', async ({
  stack,
  servers,
  visit,
}) => {
  const olga = await visit();
  // The first poll comes at a random moment of half a minute; this one comes at its very beginning.
  await olga.page.addInitScript(() => {
    Object.assign(window, { dice: 0 });
    Math.random = () => Reflect.get(window, 'dice');
  });
  await signInAsOlga(olga.page, stack.url);
  const { sockets, documents } = olga.wire;
  const tutor = await logInAsTutor(stack.url);
  const retried = () => counter(stack, 'relay_rows_total', { result: 'retried' });

  await servers.redis.stop();
  await expect(liveIndicator(olga.page)).toHaveText('Offline');
  await tutor.assign('Anna Petrova', 'Physics');
  await expect(liveIndicator(olga.page)).toHaveText('Polling', { timeout: POLLS_WITHIN_MS });
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible();
  // Too late for the poll that has just been.
  const before = await retried();
  await tutor.assign('Misha Petrov', 'Physics');
  await expect.poll(retried).toBeGreaterThan(before);
  await expect(subjectOf(olga.page, 'Misha Petrov', 'Physics')).toHaveCount(0);
  // From here on half of whatever is random, the part of `spreadMs` among it.
  await olga.page.evaluate(() => {
    Object.assign(window, { dice: 0.5 });
  });
  const from = { frames: olga.wire.frames.length, requests: olga.wire.requests.length };

  const healed = deadline(HEALED_WITHIN_MS);
  await servers.redis.start();
  await expect(subjectOf(olga.page, 'Misha Petrov', 'Physics')).toBeVisible({ timeout: healed() });
  await expect(liveIndicator(olga.page)).toHaveText('Live', { timeout: healed() });
  const [resync] = olga.wire.framesOf('resync', from.frames);
  const spreadMs = Number(resync?.message['spreadMs']);
  expect(spreadMs).toBeGreaterThan(500);
  expect(firstFetchAfter(olga, from.requests) - (resync?.at ?? 0)).toBeGreaterThan(spreadMs * 0.25);
  expect(olga.wire.sockets).toBe(sockets);
  expect(olga.wire.documents).toBe(documents);

  // And it goes on as ever: at once, and by the push.
  await tutor.unassign('Misha Petrov', 'Physics');
  await expect(subjectOf(olga.page, 'Misha Petrov', 'Physics')).toHaveCount(0, { timeout: HEALED_WITHIN_MS });
});

test('what piles up while Redis is away neither floods the log nor storms the API when it is back', async ({
  stack,
  servers,
  visit,
}) => {
  const olga = await visit();
  await signInAsOlga(olga.page, stack.url);
  const { postgres, database, redis } = servers;
  const published = () => counter(stack, 'relay_rows_total', { result: 'published' });
  const troubles = () => stack.log().match(/"level":[456]0/g)?.length ?? 0;

  await redis.stop();
  await expect(liveIndicator(olga.page)).toHaveText('Offline');
  const before = { published: await published(), troubles: troubles(), requests: olga.wire.requests.length };
  await postgres.psql(
    database,
    `DO $$ BEGIN
       FOR n IN 1..${BACKLOG} LOOP
         UPDATE student_profiles SET goal = 'goal ' || n WHERE user_id = (SELECT id FROM users WHERE email = 'student@demo.test');
         COMMIT;
       END LOOP;
     END $$`,
  );
  // Long enough to have tried them all, and to go on trying.
  await expect(liveIndicator(olga.page)).toHaveText('Polling', { timeout: POLLS_WITHIN_MS });
  expect(troubles() - before.troubles).toBeLessThan(BACKLOG / 4);

  const healed = deadline(HEALED_WITHIN_MS);
  await redis.start();
  await expect(olga.page.getByText(`goal ${BACKLOG}`, { exact: true })).toBeVisible({ timeout: healed() });
  await expect(liveIndicator(olga.page)).toHaveText('Live', { timeout: healed() });
  await expect.poll(published, { timeout: healed() }).toBeGreaterThanOrEqual(before.published + BACKLOG);
  expect(olga.wire.counts(before.requests)[DASHBOARD]).toBeLessThanOrEqual(6);
});

test('PostgreSQL crashes and comes back: the page stays, and the next change arrives', async ({
  stack,
  servers,
  visit,
}) => {
  const olga = await visit();
  await signInAsOlga(olga.page, stack.url);
  const { sockets, documents } = olga.wire;
  const tutor = await logInAsTutor(stack.url);
  const { postgres, database } = servers;

  await postgres.stop('immediate');
  await expect(tutor.assign('Anna Petrova', 'Physics')).rejects.toThrow(/ answered 5\d\d/);
  // Nothing that is shown goes away.
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await expect(liveIndicator(olga.page)).toHaveText('Live');

  const healed = deadline(HEALED_WITHIN_MS);
  await postgres.start();
  await postgres.psql(database, ASSIGN_PHYSICS);
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: healed() });
  for (const node of stack.nodes) {
    await expect.poll(async () => (await fetch(`${node.url}/readyz`)).status, { timeout: healed() }).toBe(200);
  }
  await tutor.unassign('Anna Petrova', 'Physics');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toHaveCount(0, { timeout: HEALED_WITHIN_MS });
  expect(olga.wire.sockets).toBe(sockets);
  expect(olga.wire.documents).toBe(documents);
});

/** Transactions that pile up. */
const BACKLOG = 400;

/** What is left of the time from now on, in milliseconds; at least one, because Playwright takes 0 for no end. */
function deadline(withinMs: number): () => number {
  const until = performance.now() + withinMs;
  return () => Math.max(1, until - performance.now());
}

/** When the dashboard was first asked for since `from`, a length of `requests` noted earlier. */
function firstFetchAfter({ wire }: Visitor, from: number): number {
  const index = wire.requests.indexOf(DASHBOARD, from);
  return wire.requestedAt[index] ?? Number.POSITIVE_INFINITY;
}
