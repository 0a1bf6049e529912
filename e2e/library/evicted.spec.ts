import type { Page } from 'playwright/test';
import { USER } from './counters-api.js';
import { expect, expectCount, expectVisibility, openIn, status, test } from './test.js';

test('who has lost the gateway goes on asking, who is evicted is told so and asks for nothing any more', async ({
  server,
  faultProxy,
  ownBrowser,
}) => {
  const page = await ownBrowser.context.newPage();
  await page.clock.install();
  const visit = await openIn(page, `${server.url}/?plain=a&gateway=${faultProxy.url}`);
  await expectCount(page, 'a', 1);
  faultProxy.cut();
  await expect(status(page)).toHaveText('offline');
  await letMinutesPass(page, 2);
  await expect.poll(() => visit.wire.counts()['GET /api/counters/a']).toBeGreaterThan(2);
  expect(visit.wire.sockets).toBeGreaterThan(2);
  faultProxy.mend();
  await letMinutesPass(page, 1);
  await expect(status(page)).toHaveText('live');

  server.gateway.evict({ user: USER }, 'logged_out');
  await expect(status(page)).toHaveText('refused: logged_out');
  const before = { requests: server.api.requests.length, sockets: visit.wire.sockets };
  await server.change('a');
  // All that makes another page ask: time, the network, being shown, and coming back.
  await letMinutesPass(page, 5);
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  const other = await ownBrowser.context.newPage();
  await expectVisibility(page, 'hidden');
  await other.close();
  await page.bringToFront();
  await page.goto('about:blank');
  await page.goBack({ waitUntil: 'commit' });
  await letMinutesPass(page, 5);
  await expect(status(page)).toHaveText('refused: logged_out');

  // Whatever it asked for, it asked for before this.
  await page.evaluate(() => fetch('/api/counters/last').then(() => undefined));
  expect(server.api.requests.slice(before.requests).map(({ request }) => request)).toEqual(['GET last']);
  expect(visit.wire.sockets).toBe(before.sockets);
  await page.close();
});

/** Lets the page's clock go on, by steps: what the page asks for in one is answered before the next. */
async function letMinutesPass(page: Page, minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 4; step += 1) {
    await page.clock.runFor(15_000);
    await page.evaluate(() => fetch('/index.html').then(() => undefined));
  }
}
