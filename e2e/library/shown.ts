import { expect, type Page } from 'playwright/test';

declare global {
  interface Window {
    /** What each `output` and `status` of the page has shown, in order. */
    shown: Record<string, string[]>;
  }
}

/**
 * Keeps every value that anybody could have seen. Call it before the page is opened. An observer of mutations runs after
 * each change of the document and before it is painted; what Suspense hides does not count.
 */
export async function recordShown(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shown = {};
    const look = () => {
      for (const element of document.querySelectorAll<HTMLElement>('output, [role="status"]')) {
        const name = element.ariaLabel ?? 'status';
        const text = element.textContent ?? '';
        window.shown[name] ??= [];
        const values = window.shown[name];
        if (element.checkVisibility() && values.at(-1) !== text) values.push(text);
      }
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
}

/** Everything that a counter, or the `status`, has shown. */
export async function shownOf(page: Page, name: string): Promise<string[]> {
  return page.evaluate((asked) => window.shown[asked] ?? [], name);
}

/** Expects a counter to have shown ever newer counts, after `loading` if at all, up to the last. */
export async function expectOnward(page: Page, name: string, last: number): Promise<void> {
  const shown = await shownOf(page, name);
  const counts = shown.filter((value) => value !== 'loading').map(Number);
  const inOrder = [...new Set(counts)].toSorted((left, right) => left - right).map(String);
  expect(shown).toEqual(shown.includes('loading') ? ['loading', ...inOrder] : inOrder);
  expect(shown.at(-1)).toBe(String(last));
}
