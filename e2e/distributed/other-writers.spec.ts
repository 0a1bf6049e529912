import { counter, logIn, PEOPLE } from '../support/api.js';
import { untilMarker } from '../support/marker.js';
import { signInAsOlga, subjectOf } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';
import { ASSIGN_PHYSICS } from '../support/written-by-psql.js';

const SHOWN_WITHIN_MS = 2_000;

test('a row inserted with psql refreshes the page, and one that is rolled back does not', async ({
  stack,
  servers,
  visit,
}) => {
  const olga = await visit();
  await signInAsOlga(olga.page, stack.url);
  const before = { requests: olga.wire.requests.length, frames: olga.wire.frames.length };
  const { postgres, database } = servers;

  await postgres.psql(database, `BEGIN; ${ASSIGN_PHYSICS} ROLLBACK;`);
  await untilMarker(stack.url, PEOPLE.olga, olga.wire);
  expect(olga.wire.framesOf('invalidate', before.frames)).toHaveLength(1);
  expect(olga.wire.counts(before.requests)).toEqual({});

  await postgres.psql(database, ASSIGN_PHYSICS);
  await expect(subjectOf(olga.page, 'Anna Petrova', 'Physics')).toBeVisible({ timeout: SHOWN_WITHIN_MS });
  expect(olga.wire.counts(before.requests)).toEqual({ 'GET /api/parent/dashboard': 1 });
});

test('redis-cli PUBLISH refreshes the page; a malformed message changes nothing, is logged and counted', async ({
  stack,
  servers,
  visit,
}) => {
  const olga = await visit();
  await signInAsOlga(olga.page, stack.url);
  const { user } = (await logIn(stack.url, PEOPLE.olga)).login;
  const room = `parent:${user.id}`;
  const before = { requests: olga.wire.requests.length, frames: olga.wire.frames.length };
  const publish = (message: string) => servers.redis.cli('PUBLISH', 'qc:publish', message);
  const refused = () => counter(stack, 'publish_refused_total', { door: 'redis' });

  const malformed = [
    '{"rooms":',
    '"secret-of-somebody"',
    JSON.stringify({ rooms: [room], keys: [[]] }),
    JSON.stringify({ rooms: ['Parent 1'], keys: [['parent-dashboard']] }),
    JSON.stringify({ rooms: [room], keys: [['parent-dashboard']], color: 'secret-colour' }),
  ];
  for (const message of malformed) await publish(message);
  // Every gateway hears every message, and each refuses it for itself.
  await expect.poll(refused).toBe(malformed.length * stack.nodes.length);
  expect(stack.log()).toMatch(/"door":"redis"/);
  expect(stack.log()).not.toContain('secret-');

  // With an id the first gateway appends and the other one does not.
  await publish(JSON.stringify({ id: 'change-over-redis', rooms: [room], keys: [['parent-dashboard']] }));
  await expect
    .poll(() => olga.wire.counts(before.requests), { timeout: SHOWN_WITHIN_MS })
    .toEqual({ 'GET /api/parent/dashboard': 1 });
  await untilMarker(stack.url, PEOPLE.olga, olga.wire);
  expect(olga.wire.framesOf('invalidate', before.frames)).toHaveLength(2);
  expect(await refused()).toBe(malformed.length * stack.nodes.length);
});
