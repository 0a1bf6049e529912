import { changeInSight, expect, expectCount, expectOnward, shownOf, status, test } from './test.js';

test('a fetch that the loss of the network breaks off is made again when it is back', async ({
  page,
  server,
  open,
}) => {
  const visit = await open(`${server.url}/?plain=a`);
  await expectCount(page, 'a', 1);
  const answer = server.api.hold('GET a');
  await changeInSight(visit, () => server.change('a'));
  await answer.reached;
  await page.context().setOffline(true);
  await expect(status(page)).toHaveText('offline');

  await page.context().setOffline(false);
  answer.open();
  await expectCount(page, 'a', 2);
  await expectOnward(page, 'a', 2);
});

test('what was missed without a network costs one fetch of each counter that changed', async ({
  page,
  server,
  faultProxy,
  open,
}) => {
  const visit = await open(`${server.url}/?plain=a,b&gateway=${faultProxy.url}`);
  await expectCount(page, 'a', 1);
  await expectCount(page, 'b', 1);
  await page.context().setOffline(true);
  faultProxy.cut();
  await expect(status(page)).toHaveText('offline');
  for (const name of ['a', 'a', 'a']) await server.change(name);

  faultProxy.mend();
  await page.context().setOffline(false);
  await expectCount(page, 'a', 4);
  await expect(status(page)).toHaveText('live');
  expect(await shownOf(page, 'a')).toEqual(['loading', '1', '4']);
  expect(await shownOf(page, 'b')).toEqual(['loading', '1']);
  expect(visit.wire.counts()).toMatchObject({ 'GET /api/counters/a': 2, 'GET /api/counters/b': 1 });
});
