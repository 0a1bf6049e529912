import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';

/** Wide in light and a phone in dark, and the other way round: width and colours do not depend on each other. */
const LOOKS = [
  { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const;

/** Expects a page, or the part of it that a selector names, without violations in light and dark, and no wider than a phone. */
export async function expectAccessible(page: Page, what: string, part = 'html'): Promise<void> {
  for (const look of LOOKS) await expectAccessibleIn(page, look, what, part);
}

async function expectAccessibleIn(page: Page, look: (typeof LOOKS)[number], what: string, part: string): Promise<void> {
  await page.setViewportSize(look.viewport);
  // Colours that are on their way from one scheme to the other have no contrast to speak of.
  await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', look.colorScheme);
  // The mode is that of pages without frames of other origins, which would each need a page more.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().include(part).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })),
  );
  expect(found, `${what} in ${look.colorScheme}`).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what} scrolls sideways at ${look.viewport.width} px`).toBeLessThanOrEqual(0);
}
