import type { Page } from 'playwright/test';
import { comeIn, EMAILS } from './support/person.js';
import { card, signOut, untilLive } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

/** What nobody but Olga's family may see. */
const OF_OLGA = ['Anna', 'Misha', 'Olga'];

test('when another person logs in, neither tab of the browser ever shows anything of the first one', async ({
  stack,
  visit,
}) => {
  const first = await comeIn(await visit(), stack.url, 'olga');
  await expect(card(first.page, 'Anna Petrova')).toBeVisible();
  const second = await first.page.context().newPage();
  await second.goto(`${stack.url}/weekly-reports`);
  await untilLive(second);

  await signOut(first.page);
  await expect(second).toHaveURL(/\/login$/);
  for (const page of [first.page, second]) await watchFor(page, OF_OLGA);

  await logInByHand(first.page, EMAILS.ivan);
  await untilLive(first.page);
  await second.goto(stack.url);
  await untilLive(second);
  for (const page of [first.page, second]) {
    await expect(card(page, 'Lev Sokolov')).toBeVisible();
    await page.getByRole('link', { name: 'Weekly reports' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Weekly reports' })).toBeVisible();
    await page.goBack();
    await expect(card(page, 'Lev Sokolov')).toBeVisible();
    expect(await seenOn(page)).toEqual([]);
  }
});

test('a tab left open on one person ends when another one logs in in the same browser', async ({ stack, visit }) => {
  const first = await comeIn(await visit(), stack.url, 'olga');
  await expect(card(first.page, 'Anna Petrova')).toBeVisible();
  // Another tab takes the browser's cookie over without any log-out.
  const second = await first.page.context().newPage();
  await first.page.context().request.post(`${stack.url}/api/auth/login`, {
    data: { email: EMAILS.ivan, password: 'demo' },
  });
  await watchFor(second, OF_OLGA);
  await second.goto(stack.url);
  await untilLive(second);
  await expect(card(second, 'Lev Sokolov')).toBeVisible();
  expect(await seenOn(second)).toEqual([]);
  // The first tab keeps its own person for as long as its token lasts, and never becomes the other one.
  await expect(card(first.page, 'Lev Sokolov')).toHaveCount(0);
  await first.page.reload();
  await expect(card(first.page, 'Lev Sokolov')).toBeVisible();
  await expect(card(first.page, 'Anna Petrova')).toHaveCount(0);
});

async function logInByHand(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill('demo');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** Notes every state of this page's documents from here on that names one of these, seen before it is painted. */
async function watchFor(page: Page, names: readonly string[]): Promise<void> {
  await page.addInitScript(noteNames, names);
  await page.evaluate(noteNames, names);
}

function noteNames(watched: readonly string[]): void {
  const seen: string[] = [];
  Object.assign(window, { seenNames: seen });
  new MutationObserver(() => {
    // The log-in page itself names the demo people.
    if (location.pathname === '/login') return;
    for (const name of watched) {
      if (document.body?.textContent?.includes(name)) seen.push(`${name} at ${location.pathname}`);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

function seenOn(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { seenNames: string[] }).seenNames);
}
