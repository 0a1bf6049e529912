import type { Page } from 'playwright/test';

/** As long as an assertion waits for getting somewhere. */
const WITHIN_MS = 15_000;

/** What a page has to be before a test goes on. */
export interface Readiness {
  /** It says that it is live. */
  readonly live?: true;
  /** Its heading is there, and nothing is a skeleton any more. */
  readonly loaded?: true;
}

/**
 * Waits until the page is ready, looking at every frame. An assertion looks after 20, 70, 170, 270, 770 and 1,270 ms: on
 * the way to a page, which the tests go hundreds of times, that would be minutes. Says nothing when it never gets ready:
 * the assertion that follows says what is missing.
 */
export async function untilReady(page: Page, readiness: Readiness): Promise<void> {
  await page.waitForFunction(isReady, readiness, { timeout: WITHIN_MS }).catch(() => undefined);
}

/** Runs in the page. */
function isReady({ live, loaded }: Readiness): boolean {
  const status = document.querySelector('header [role="status"]')?.textContent;
  if (live && status !== 'Live') return false;
  if (!loaded) return true;
  return document.querySelector('main h1') !== null && document.querySelector('[aria-busy="true"]') === null;
}
