import { USER } from './counters-api.js';
import { expect, expectCount, shownOf, status, test } from './test.js';

const FRESH_WITHIN_MS = 2_000;

/** Many, so that each is quiet for a while before it changes again. */
const NAMES = [...'abcdefghijkl'];

test.use({ tokenLifeSeconds: 3 });

test('a session goes on over the ends of its tokens: on one connection, without a gap, and never as nobody', async ({
  page,
  server,
  open,
}) => {
  const visit = await open(`${server.url}/?plain=${NAMES}`);
  for (const name of NAMES) await expectCount(page, name, 1);
  const renewals = () => visit.wire.sent.filter((event) => event === 'renew').length;
  for (let changes = 0; renewals() < 3 && visit.wire.sockets < 2; changes += 1) {
    const name = NAMES[changes % NAMES.length] ?? '';
    await expectCount(page, name, await server.change(name), FRESH_WITHIN_MS);
    expect(server.gateway.sessions()).toHaveLength(1);
  }

  expect(visit.wire.sockets).toBe(1);
  expect(await shownOf(page, 'status')).toEqual(['connecting', 'live']);
  expect(server.api.requests.filter(({ user }) => user !== USER)).toEqual([]);
});

test('a session that gets no newer token ends with the one it has, and comes back fresh once it gets one', async ({
  page,
  server,
  open,
}) => {
  const visit = await open(`${server.url}/?plain=a`);
  await expectCount(page, 'a', 1);
  const accept = server.api.refuse('POST token');
  await expect(status(page)).toHaveText('offline');
  expect(server.gateway.sessions()).toEqual([]);
  await server.change('a');

  accept();
  await expect(status(page)).toHaveText('live');
  await expectCount(page, 'a', 2);
  expect(await shownOf(page, 'a')).toEqual(['loading', '1', '2']);
  expect(visit.wire.sockets).toBeGreaterThan(1);
});
