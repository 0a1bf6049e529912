import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { findOrInstallChromium } from '../browser/chromium.mjs';
import { ROOT } from '../setup/root.mjs';

/** A page, and what its console held against it. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Starts the Chromium that the browser tests use, with the Playwright of their workspace. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await findOrInstallChromium(ROOT, console.log);
  const { chromium } = createRequire(join(ROOT, 'e2e/package.json'))('playwright');
  // As root it cannot set up a sandbox; what it loads was built here.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, args: ['--disable-gpu'] });
}

/** Opens an address in a tab of its own. */
export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}
