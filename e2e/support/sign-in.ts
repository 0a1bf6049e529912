import { expect, type Locator, type Page } from 'playwright/test';
import { untilReady } from './ready-page.js';

/** Logs in by a click on a demo account of the login page, and waits until the page is live. */
export async function signIn(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/login`);
  await chooseAccount(page, name);
  await untilLive(page);
}

/** Clicks on a demo account of the log-in page, one that is not shown at first as well. */
export async function chooseAccount(page: Page, name: string): Promise<void> {
  const more = page.getByText('more people');
  await more.waitFor();
  const account = page.getByRole('button', { name });
  if (!(await account.isVisible())) await more.click();
  await account.click();
}

/** Logs in as Olga and waits until her dashboard shows what it has in the demo data. */
export async function signInAsOlga(page: Page, url: string): Promise<void> {
  await signIn(page, url, 'Olga Petrova');
  await expect(subjectOf(page, 'Anna Petrova', 'Mathematics')).toBeVisible();
}

/** Waits until the page says that it is live. */
export async function untilLive(page: Page): Promise<void> {
  await untilReady(page, { live: true });
  await expect(liveIndicator(page)).toHaveText('Live');
}

/** What the page says about its live state. */
export function liveIndicator(page: Page): Locator {
  return page.getByRole('banner').getByRole('status');
}

/** The card of a child or student, by full name. */
export function card(page: Page | Locator, name: string): Locator {
  return page.getByRole('article', { name, exact: true });
}

/** A subject in a child's or student's card; elsewhere in it the same word may be part of a goal. */
export function subjectOf(page: Page | Locator, name: string, subject: string): Locator {
  const subjects = card(page, name).getByRole('list', { name: /^Subjects of/ });
  return subjects.getByRole('listitem').filter({ hasText: subject });
}

/** Logs out through the menu. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page).toHaveURL(/\/login$/);
}
