import type { Page } from 'playwright/test';
import { comeIn } from './support/person.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

test('a report is printed with its text and without anything else of the page', async ({ stack, visit }) => {
  const visitor = await visit();
  const { page } = visitor;
  // Chromium prints at once when nobody can answer its dialog; here it stays as long as a person would look at it.
  await page.addInitScript(() => {
    window.print = () => undefined;
  });
  await comeIn(visitor, stack.url, 'olga', '/children/3');
  const report = page.getByRole('article', { name: 'Report Fractions are done' });
  const text = report.getByText('Anna adds and divides fractions without mistakes now.');
  await page.getByRole('button', { name: 'Print Fractions are done' }).click();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

  await expect(text).toBeVisible();
  await expect(report.getByText(/Elena Orlova/)).toBeVisible();
  expect(await inkOf(page)).toEqual({ navigations: 0, buttons: 0, links: 0, headings: ['Fractions are done'] });
  await expect(text).toHaveCSS('color', /^rgb\((\d|[1-9]\d), /);

  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Print Fractions are done' })).toBeVisible();
});

/** What of the page comes to paper. */
async function inkOf(page: Page) {
  const visible = (selector: string) => page.locator(selector).filter({ visible: true });
  return {
    navigations: await visible('nav, header[class]')
      .filter({ has: page.getByRole('link') })
      .count(),
    buttons: await visible('button').count(),
    links: await visible('a').count(),
    headings: await visible('h1, h2, h3').allTextContents(),
  };
}
