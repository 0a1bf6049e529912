import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { openDemo } from '../support/demo-page.js';
import { comeIn, type DemoName, untilLoaded } from '../support/person.js';
import { expect, test } from '../support/test.js';

/** Every page of everybody. Ids are those of the demo data. */
const PAGES: Readonly<Record<Exclude<DemoName, 'ivan' | 'misha' | 'lev' | 'pavel'>, readonly string[]>> = {
  olga: ['/', '/children/3', '/weekly-reports', '/profile', '/nowhere'],
  anna: ['/', '/materials', '/plans', '/progress', '/profile'],
  elena: ['/', '/students', '/students/3', '/plans', '/materials', '/weekly-reports'],
  marina: ['/', '/students', '/weekly-reports'],
  nina: ['/users', '/profile'],
};

/** Wide in light and a phone in dark, and the other way round: width and colours do not depend on each other. */
const LOOKS = [
  { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const;

for (const [name, paths] of Object.entries(PAGES) as [keyof typeof PAGES, readonly string[]][]) {
  test(`every page of ${name} is without violations in light and dark, and fits a phone`, async ({ stack, visit }) => {
    const visitor = await visit();
    await comeIn(visitor, stack.url, name, paths[0]);
    for (const path of paths) {
      await visitor.page.goto(`${stack.url}${path}`);
      await untilLoaded(visitor);
      for (const look of LOOKS) await expectAccessible(visitor.page, look, path);
    }
  });
}

test('the log-in page and the demo are without violations in light and dark, and fit a phone', async ({
  stack,
  visit,
}) => {
  const { page } = await visit();
  await page.goto(`${stack.url}/login`);
  await expect(page.getByRole('button', { name: 'Olga Petrova' })).toBeVisible();
  for (const look of LOOKS) await expectAccessible(page, look, '/login');
  await openDemo(page, stack.url);
  for (const look of LOOKS) await expectAccessible(page, look, '/demo');
});

async function expectAccessible(page: Page, look: (typeof LOOKS)[number], path: string): Promise<void> {
  await page.setViewportSize(look.viewport);
  // Colours that are on their way from one scheme to the other have no contrast to speak of.
  await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', look.colorScheme);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })),
  );
  expect(found, `${path} in ${look.colorScheme}`).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${path} scrolls sideways at ${look.viewport.width} px`).toBeLessThanOrEqual(0);
}
