import { expect, expectCount, expectVisibility, openIn, shownOf, test, type Visit } from './test.js';

/** How soon after waking a dead connection is noticed, in milliseconds. */
const NOTICED_WITHIN_MS = 2_000;

/**
 * Connections that died while nobody could notice. The wire has forgotten them and swallows what is said on them, so
 * neither end is told that it is over, and without a sign of waking the page would go on waiting for half a minute. Its
 * clock is the test's: a slow machine takes nothing from the two seconds.
 */

test('a page whose connection died while it was hidden notices within two seconds of being shown', async ({
  server,
  faultProxy,
  ownBrowser,
}) => {
  const page = await ownBrowser.context.newPage();
  await page.clock.install();
  const visit = await openIn(page, `${server.url}/?plain=a&gateway=${faultProxy.url}`);
  await expectCount(page, 'a', 1);
  const other = await ownBrowser.context.newPage();
  await expectVisibility(page, 'hidden');
  faultProxy.forget();
  await server.change('a');

  await page.bringToFront();
  await expectVisibility(page, 'visible');
  await expectToNotice(visit);
  await other.close();
  await page.close();
});

test('a page that comes back from the back/forward cache is fresh without being loaded anew', async ({
  server,
  ownBrowser,
}) => {
  const page = await ownBrowser.context.newPage();
  const visit = await openIn(page, `${server.url}/?plain=a`);
  await expectCount(page, 'a', 1);
  await page.goto('about:blank');
  await server.change('a');

  await page.goBack({ waitUntil: 'commit' });
  await expectCount(page, 'a', 2);
  expect(visit.wire.sockets).toBe(2);
  // A document that was loaded anew would have begun a new record.
  expect(await shownOf(page, 'a')).toEqual(['loading', '1', '2']);
  await page.close();
});

test('a page whose connection died as it changed networks notices within two seconds of the new one', async ({
  page,
  server,
  faultProxy,
  open,
}) => {
  await page.clock.install();
  const visit = await open(`${server.url}/?plain=a&gateway=${faultProxy.url}`);
  await expectCount(page, 'a', 1);
  faultProxy.forget();
  await server.change('a');

  // Chromium's own offline mode would close the connection, with a word to the page.
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expectToNotice(visit);
});

test('a page whose machine slept for an hour, with a dead connection, notices within two seconds of waking', async ({
  page,
  server,
  faultProxy,
  open,
}) => {
  await page.clock.install();
  const visit = await open(`${server.url}/?plain=a&gateway=${faultProxy.url}`);
  await expectCount(page, 'a', 1);
  faultProxy.forget();
  await server.change('a');

  // The clock goes on and timers do not, as in sleep.
  await page.clock.setSystemTime(Date.now() + 3_600_000);
  await expectToNotice(visit);
});

/** Lets two seconds pass in the page, and expects it to have another connection, and then what it had missed. */
async function expectToNotice({ page, wire }: Visit): Promise<void> {
  await page.clock.runFor(NOTICED_WITHIN_MS);
  await expect.poll(() => wire.sockets).toBe(2);
  await expectCount(page, 'a', 2);
  expect(await shownOf(page, 'a')).toEqual(['loading', '1', '2']);
}
