import type { Page } from 'playwright/test';
import { comeIn } from '../support/person.js';
import { chooseAccount } from '../support/sign-in.js';
import { expect, test } from '../support/test.js';

test('what is half-typed in a dialog is not lost without a word, whichever way its page is left', async ({
  stack,
  visit,
}) => {
  const { page } = await comeIn(await visit(), stack.url, 'marina', '/');
  await page.getByRole('link', { name: 'Students', exact: true }).click();

  // A group of boxes that is refused has the focus on its first, with what is wrong beside it.
  await page.getByRole('button', { name: 'Assign several subjects to Anna Petrova' }).click();
  await page.getByRole('button', { name: 'Assign all ticked' }).click();
  await expect(page.getByRole('checkbox').first()).toBeFocused();
  await expect(page.getByRole('group', { name: 'Subjects' })).toHaveAccessibleDescription(/Tick at least one subject/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('button', { name: 'New student' }).click();
  const form = page.getByRole('dialog', { name: 'New student' });
  const question = page.getByRole('dialog', { name: 'Discard what you typed?' });
  const firstName = form.getByLabel('First name', { exact: true });
  await firstName.fill('Ve');

  const ways = [
    () => page.evaluate(() => window.history.back()),
    () => page.keyboard.press('Escape'),
    () => page.mouse.click(5, 5),
    () => form.getByRole('button', { name: 'Close' }).click(),
  ];
  for (const leave of ways) {
    await leave();
    await expect(question.getByRole('button', { name: 'Keep editing' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(question).toHaveCount(0);
    await expect(firstName).toHaveValue('Ve');
    await expect(page).toHaveURL(/\/students$/);
  }
  const asked = page.waitForEvent('dialog');
  const reload = page.reload({ timeout: 2_000 }).catch(() => undefined);
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await reload;
  await expect(firstName).toHaveValue('Ve');

  await page.evaluate(() => window.history.back());
  await question.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the keyboard goes along to the next page, and may skip what is the same on all of them', async ({
  stack,
  visit,
}) => {
  const { page } = await comeIn(await visit(), stack.url, 'olga', '/weekly-reports');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).not.toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await expect(page).toHaveURL(/\/weekly-reports$/);

  await page.getByRole('link', { name: 'Children', exact: true }).press('Enter');
  await expect(heading).toHaveText('Your children');
  await expect(heading).toBeFocused();
  await expect(page).toHaveTitle(/^Your children/);
  // Its heading comes with the child.
  await page.getByRole('main').getByRole('link', { name: 'Anna Petrova' }).click();
  await expect(heading).toHaveText('Anna Petrova');
  await expect(heading).toBeFocused();
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
});

test('who logs in comes to the address they opened, or where their session ended by itself, but to nobody else’s', async ({
  stack,
  visit,
}) => {
  const { page } = await visit();
  await page.goto(`${stack.url}/children/3`);
  await expect(page).toHaveURL(/\/login$/);
  await page.reload();
  await chooseAccount(page, 'Olga Petrova');
  await expect(page).toHaveURL(/\/children\/3$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Anna Petrova' })).toBeVisible();

  for (const [name, path] of [
    ['Olga Petrova', '/children/3'],
    ['Ivan Sokolov', '/'],
  ] as const) {
    const other = await logOutElsewhere(page, stack.url);
    await expect(page).toHaveURL(/\/login$/);
    await chooseAccount(page, name);
    await expect(page).toHaveURL(`${stack.url}${path}`);
    await other.close();
  }

  // A teacher has no page there.
  await page.context().clearCookies();
  await page.goto(`${stack.url}/children/3`);
  await expect(page).toHaveURL(/\/login$/);
  await chooseAccount(page, 'Elena Orlova');
  await expect(page).toHaveURL(`${stack.url}/`);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
});

test('a session that ends elsewhere ends here too, with a dialog half filled in', async ({ stack, visit }) => {
  const { page } = await comeIn(await visit(), stack.url, 'marina', '/students');
  await page.getByRole('button', { name: 'New student' }).click();
  await page.getByRole('dialog').getByLabel('First name', { exact: true }).fill('Ve');
  await logOutElsewhere(page, stack.url);
  await expect(page).toHaveURL(/\/login$/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
});

/** Logs out in another tab, which ends this one too. */
async function logOutElsewhere(page: Page, url: string): Promise<Page> {
  const other = await page.context().newPage();
  await other.goto(`${url}/`);
  await other.getByRole('button', { name: /^Account of/ }).click();
  await other.getByRole('menuitem', { name: 'Log out' }).click();
  return other;
}
