import type { OwnBrowser } from '../support/own-browser.js';
import type { LibraryServer } from './server.js';
import { changeInSight, expect, expectCount, expectVisibility, openIn, shownOf, test, type Visit } from './test.js';

/** Pages that are really hidden: another tab of their window is in front. */

test('what a hidden page hears of is fetched once, when it is shown again', async ({ server, ownBrowser }) => {
  const { visit, shownAt } = await hideAndShow(ownBrowser, server, '?plain=a,b');
  await expectCount(visit.page, 'a', 4);
  await expectCount(visit.page, 'b', 2);

  expect(await shownOf(visit.page, 'a')).toEqual(['loading', '1', '4']);
  expect(await shownOf(visit.page, 'b')).toEqual(['loading', '1', '2']);
  const fetches = server.api.requests.filter(({ request }) => request.startsWith('GET')).slice(2);
  expect(fetches.map(({ request }) => request).toSorted()).toEqual(['GET a', 'GET b']);
  for (const { at } of fetches) expect(at).toBeGreaterThan(shownAt);
  await visit.page.close();
});

test('written by hand, the same page fetches every change for nobody', async ({ server, ownBrowser }) => {
  const { visit, shownAt } = await hideAndShow(ownBrowser, server, '?plain=a,b&by-hand');
  await expectCount(visit.page, 'a', 4);
  const fetches = server.api.requests.filter(({ request, at }) => request.startsWith('GET') && at < shownAt);
  expect(fetches.length).toBeGreaterThan(4);
  await visit.page.close();
});

/** Hides a page, tells it of four changes one after the other, and shows it again. */
async function hideAndShow(browser: OwnBrowser, server: LibraryServer, address: string) {
  const page = await browser.context.newPage();
  const visit: Visit = await openIn(page, `${server.url}/${address}`);
  await expectCount(page, 'a', 1);
  await expectCount(page, 'b', 1);
  const other = await browser.context.newPage();
  await expectVisibility(page, 'hidden');

  for (const name of ['a', 'a', 'a', 'b']) await changeInSight(visit, () => server.change(name));
  const shownAt = performance.now();
  await page.bringToFront();
  await expectVisibility(page, 'visible');
  await other.close();
  return { visit, shownAt };
}
