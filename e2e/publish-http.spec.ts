import { counter, logIn, PEOPLE, publish } from './support/api.js';
import { untilMarker } from './support/marker.js';
import { card, signIn } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

test('an invalidation published over HTTP refreshes the page it names', async ({ stack, visit }) => {
  const olga = await visit();
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await expect(card(olga.page, 'Anna Petrova')).toBeVisible();
  const { login } = await logIn(stack.url, PEOPLE.olga);
  const room = `parent:${login.user.id}` as const;
  const before = olga.wire.requests.length;

  const answer = await publish(stack.url, { rooms: [room], keys: [['parent-dashboard']], id: 'change-over-http' });
  expect(answer).toEqual({ status: 202, body: { positions: { [room]: expect.stringMatching(/^[\w-]+:\d+$/) } } });
  await expect.poll(() => olga.wire.counts(before), { timeout: 2_000 }).toEqual({ 'GET /api/parent/dashboard': 1 });
  await untilMarker(stack.url, PEOPLE.olga, olga.wire);
  expect(olga.wire.counts(before)).toEqual({ 'GET /api/parent/dashboard': 1 });
});

test('a malformed invalidation changes nothing, names the rule it broke and is counted', async ({ stack, visit }) => {
  const olga = await visit();
  await signIn(olga.page, stack.url, 'Olga Petrova');
  await expect(card(olga.page, 'Anna Petrova')).toBeVisible();
  const { login } = await logIn(stack.url, PEOPLE.olga);
  const room = `parent:${login.user.id}`;
  const before = { requests: olga.wire.requests.length, refused: await counter(stack, 'publish_refused_total') };

  const refused: [what: unknown, status: number, rule: RegExp][] = [
    [{ rooms: [room], keys: [[]] }, 400, /a query key must not be empty/],
    [{ rooms: ['Parent 1'], keys: [['parent-dashboard']] }, 400, /a room must look like/],
    [{ rooms: [room], keys: [['parent-dashboard']], color: 'red' }, 400, /no fields but rooms, keys/],
    [{ rooms: [room] }, 400, /keys/],
    ['{"rooms":', 400, /JSON/],
  ];
  for (const [body, status, rule] of refused) {
    const answer = await publish(stack.url, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(rule);
  }
  expect((await publish(stack.url, { rooms: [room], keys: [['x']] }, 'not-the-token')).status).toBe(401);
  expect(await counter(stack, 'publish_refused_total')).toBe(before.refused + refused.length + 1);

  // A good one afterwards is the first frame the page gets.
  await publish(stack.url, { rooms: [room], keys: [['parent-dashboard']] });
  await expect.poll(() => olga.wire.counts(before.requests)).toEqual({ 'GET /api/parent/dashboard': 1 });
  expect(olga.wire.framesOf('invalidate')).toHaveLength(1);
});
