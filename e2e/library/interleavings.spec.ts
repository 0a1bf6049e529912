import type { Gate } from '../support/gate.js';
import type { Stage } from './counters-api.js';
import type { LibraryServer } from './server.js';
import { changeInSight, expect, expectCount, expectOnward, shownOf, test, type Visit } from './test.js';

/**
 * An announcement at the worst moments. What counts is everything that a page has shown: it ends with the newest, never
 * goes back to what it had already replaced, and never shows again that it is loading.
 */

test('a frame during a first load is not taken for news that the load has brought', async ({ page, server, open }) => {
  const answer = server.api.hold('GET a');
  const visit = await open(`${server.url}/?plain=a`);
  await answer.reached;
  await changeInSight(visit, () => server.change('a'));
  answer.open();
  await expectCount(page, 'a', 2);
  await expectOnward(page, 'a', 2);
  expect(visit.wire.counts()['GET /api/counters/a']).toBe(2);
});

test('written by hand, the same page stays as it was before the change', async ({ page, server, open }) => {
  const answer = server.api.hold('GET a');
  const visit = await open(`${server.url}/?plain=a,b&by-hand`);
  await answer.reached;
  await changeInSight(visit, () => server.change('a'));
  answer.open();
  await expectCount(page, 'a', 1);
  // Whatever it would still have done about the first change, it would have done before this one.
  await server.change('b');
  await expectCount(page, 'b', 2);
  expect(await shownOf(page, 'a')).toEqual(['loading', '1']);
  expect(visit.wire.counts()['GET /api/counters/a']).toBe(1);
});

test('a frame during a prefetch, or after it, is fetched when the counter is shown', async ({ page, server, open }) => {
  const visit = await open(`${server.url}/?folded=a,b`);
  const button = (name: string) => page.getByRole('button', { name });
  const answer = server.api.hold('GET a');
  await button('Prefetch a').click();
  await answer.reached;
  await button('Prefetch b').click();
  await expect(button('Loaded b')).toBeVisible();
  await changeInSight(visit, () => Promise.all([server.change('a'), server.change('b')]));
  answer.open();
  await expect(button('Loaded a')).toBeVisible();

  for (const name of ['a', 'b']) {
    // Nobody looks: nothing was fetched for it.
    expect(visit.wire.counts()[`GET /api/counters/${name}`]).toBe(1);
    await button(`Show ${name}`).click();
    await expectCount(page, name, 2);
    await expectOnward(page, name, 2);
  }
});

test('under Suspense, a frame during the first load or later never brings the fallback back', async ({
  page,
  server,
  open,
}) => {
  const first = server.api.hold('GET a');
  const visit = await open(`${server.url}/?suspended=a`);
  await first.reached;
  await changeInSight(visit, () => server.change('a'));
  first.open();
  await expectCount(page, 'a', 2);

  const later = server.api.hold('GET a');
  await server.change('a');
  await later.reached;
  await changeInSight(visit, () => server.change('a'));
  later.open();
  await expectCount(page, 'a', 4);
  await expectOnward(page, 'a', 4);
});

for (const stage of ['before', 'after'] as const) {
  const how = stage === 'before' ? 'before it is acted on,' : 'before its answer, as its own does,';
  test(`a frame during an optimistic mutation, ${how} does not bring the old count back`, async ({ server, open }) => {
    const visit = await open(`${server.url}/?optimistic=a`);
    const write = await addHeld(visit, server, stage);
    // Of all counters, because of another one: the answer to a fetch now could be the count from before.
    await changeInSight(visit, () => server.tell(['counter']));
    expect(visit.wire.counts()['GET /api/counters/a']).toBe(1);
    write.open();
    await expectAsAdded(visit, server);
  });
}

test('nor does the own frame of an optimistic mutation, after its answer', async ({ server, open }) => {
  const visit = await open(`${server.url}/?optimistic=a`);
  const news = server.api.hold('TELL a');
  const write = await addHeld(visit, server, 'after');
  write.open();
  // The fetch with which the mutation ends.
  await expect.poll(() => visit.wire.counts()['GET /api/counters/a']).toBe(2);
  await changeInSight(visit, async () => news.open());
  await expectAsAdded(visit, server);
});

test('written by hand, the same page shows the old count once more', async ({ page, server, open }) => {
  const visit = await open(`${server.url}/?optimistic=a&by-hand`);
  const write = await addHeld(visit, server, 'before');
  await server.tell(['counter']);
  await expectCount(page, 'a', 1);
  write.open();
  await expectCount(page, 'a', 2);
  expect(await shownOf(page, 'a')).toEqual(['loading', '1', '2', '1', '2']);
});

/** Counts one more in the page, which shows it at once, and holds the request. */
async function addHeld({ page }: Visit, server: LibraryServer, stage: Stage): Promise<Gate> {
  await expectCount(page, 'a', 1);
  const write = server.api.hold('POST a', stage);
  await page.getByRole('button', { name: 'Add to a' }).click();
  await write.reached;
  await expectCount(page, 'a', 2);
  return write;
}

/** Expects the count after an optimistic mutation never to have gone back. A later change comes after whatever was due. */
async function expectAsAdded({ page, wire }: Visit, server: LibraryServer): Promise<void> {
  await expect.poll(() => wire.counts()['GET /api/counters/a']).toBeGreaterThan(1);
  await server.change('a');
  await expectCount(page, 'a', 3);
  expect(await shownOf(page, 'a')).toEqual(['loading', '1', '2', '3']);
}
