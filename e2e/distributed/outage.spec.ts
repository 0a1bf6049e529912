import { counter, logInAsTutor } from '../support/api.js';
import { liveIndicator, signIn, subjectOf, untilLive } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

const HEALED_WITHIN_MS = 5_000;
/** A page that is not live for 10 s begins to poll. */
const POLLS_WITHIN_MS = 15_000;

test('while Redis is away writes succeed and the page polls; when it is back all heals, and refetches are spread', async ({
  stack,
  servers,
  visit,
}) => {
  const olga = await visit();
  // The first poll comes at a random moment of half a minute; this one comes at its very beginning.
  await olga.page.addInitScript(() => {
    Math.random = () => 0;
  });
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  const { sockets, documents } = olga.wire;
  const tutor = await logInAsTutor(stack.url);

  await servers.redis.stop();
  await expect(liveIndicator(olga.page)).not.toHaveText('Live');
  await tutor.assign('Anna Petrova', 'Physics');
  await expect(liveIndicator(olga.page)).toHaveText('Polling', { timeout: POLLS_WITHIN_MS });
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible();
  // Too late for the poll that has just been.
  await tutor.assign('Misha Petrov', 'Physics');
  await expect(subjectOf(olga.page, 'Misha Petrov', 'Physics')).toHaveCount(0);
  // From here on half of whatever is random, the part of `spreadMs` among it.
  await olga.page.evaluate(() => {
    Math.random = () => 0.5;
  });
  const from = { frames: olga.wire.frames.length, requests: olga.wire.requests.length };
  const fetched = olga.page.waitForRequest(/\/api\/parent\/dashboard$/).then(() => performance.now());
  await servers.redis.start();

  await expect.poll(() => olga.wire.framesOf('resync', from.frames).length).toBeGreaterThan(0);
  const resyncAt = performance.now();
  const [resync] = olga.wire.framesOf('resync', from.frames);
  const spreadMs = Number(resync?.message['spreadMs']);
  expect(spreadMs).toBeGreaterThan(500);
  expect((await fetched) - resyncAt).toBeGreaterThan(spreadMs * 0.25);
  await expect(subjectOf(olga.page, 'Misha Petrov', 'Physics')).toBeVisible({ timeout: HEALED_WITHIN_MS });
  await untilLive(olga.page);
  expect(olga.wire.sockets).toBe(sockets);
  expect(olga.wire.documents).toBe(documents);

  // And it goes on as ever: at once, and by the push.
  await tutor.unassign('Misha Petrov', 'Physics');
  await expect(subjectOf(olga.page, 'Misha Petrov', 'Physics')).toHaveCount(0, { timeout: HEALED_WITHIN_MS });
  expect(await counter(stack, 'relay_rows_total', { result: 'set_aside' })).toBe(0);
});

test('PostgreSQL crashes and comes back: the page stays, and the next change arrives', async ({
  stack,
  servers,
  visit,
}) => {
  const olga = await visit();
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  const { sockets, documents } = olga.wire;
  const tutor = await logInAsTutor(stack.url);
  const { postgres, database } = servers;

  await postgres.stop('immediate');
  await expect(tutor.assign('Anna Petrova', 'Physics')).rejects.toThrow(/ answered 5\d\d/);
  // Nothing that is shown goes away.
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Mathematics')).toBeVisible();
  await expect(liveIndicator(olga.page)).toHaveText('Live');
  await postgres.start();

  await postgres.psql(
    database,
    `INSERT INTO subject_enrollments (student_id, subject_id, teacher_id)
     SELECT student.id, subjects.id, teacher.id FROM users AS student, users AS teacher, subjects
     WHERE student.email = 'student@demo.test' AND teacher.email = 'teacher@demo.test' AND subjects.name = 'Physics';`,
  );
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: HEALED_WITHIN_MS });
  await tutor.unassign('Anna Petrova', 'Physics');
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toHaveCount(0, { timeout: HEALED_WITHIN_MS });
  expect(olga.wire.sockets).toBe(sockets);
  expect(olga.wire.documents).toBe(documents);
  for (const node of stack.nodes) await expect.poll(async () => (await fetch(`${node.url}/readyz`)).status).toBe(200);
});
