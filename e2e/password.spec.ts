import type { Page } from 'playwright/test';
import { newFamily } from './support/family.js';
import { comeIn } from './support/person.js';
import { card, untilLive } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

/** What the right to see something may cost after it has ended, in milliseconds. */
const REVOKED_WITHIN_MS = 1_000;
const NEW_PASSWORD = 'another-long-password';

test('who changes the password goes on in this browser, live, and is logged out in every other one at once', async ({
  stack,
  visit,
}) => {
  const family = await newFamily(stack.url, 'Passwordova');
  const { email, password } = family.parent;
  const here = await comeIn(await visit(), stack.url, family.parent, '/profile');
  const elsewhere = await comeIn(await visit(), stack.url, family.parent);
  const tab = await here.page.context().newPage();
  await tab.goto(stack.url);
  await untilLive(tab);

  await fill(here.page, 'a guess that is wrong', NEW_PASSWORD);
  const current = here.page.getByRole('textbox', { name: 'Current password' });
  await expect(current).toHaveAccessibleDescription('is wrong');
  await expect(current).toBeFocused();
  await untilLive(elsewhere.page);

  const answered = here.page.waitForResponse('**/api/auth/password');
  await fill(here.page, password, NEW_PASSWORD);
  expect((await answered).status()).toBe(200);
  await expect(elsewhere.page).toHaveURL(/\/login$/, { timeout: REVOKED_WITHIN_MS });
  await expect(here.page.getByText('Your password was changed.')).toBeVisible();
  await expect(current).toHaveValue('');

  // Neither tab of this browser was asked to log in, and what happens now is seen on both.
  await untilLive(here.page);
  await untilLive(tab);
  await here.page.getByRole('link', { name: 'Children' }).click();
  await family.report(35);
  for (const page of [here.page, tab]) await expect(card(page, family.name)).toContainText('35');
  await here.page.reload();
  await untilLive(here.page);

  const logIn = (secret: string) =>
    elsewhere.page.context().request.post(`${stack.url}/api/auth/login`, { data: { email, password: secret } });
  expect((await logIn(password)).status()).toBe(401);
  await comeIn(elsewhere, stack.url, { email, password: NEW_PASSWORD });
  await expect(card(elsewhere.page, family.name)).toContainText('35');
});

/** Types both passwords and sends them, by the keyboard alone. */
async function fill(page: Page, current: string, next: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Current password' }).fill(current);
  await page.keyboard.press('Tab');
  const field = page.getByRole('textbox', { name: 'New password' });
  await field.fill(next);
  await field.press('Enter');
}
