/**
 * `npm run screenshots`: every page in light and dark, wide and on a phone, into `.cache/screenshots`; and the pictures
 * of the README in `docs/images`, which are the only ones that are kept in the repository.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page } from 'playwright/test';
import { launchOptions } from '../support/browser.js';
import { assignInDemo, counterOf, cutWire, mendWire, openDemo, unassignInDemo } from '../support/demo-page.js';
import { createEmbeddedStacks } from '../support/embedded-stack.js';
import { comeIn, type DemoName, untilLoaded } from '../support/person.js';
import { recordWire } from '../support/wire-record.js';
import { PICTURES } from './pages.js';
import { workForATerm } from './term.js';

const FOLDER = fileURLToPath(new URL('../../.cache/screenshots/', import.meta.url));
const README_FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const SCREENS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const SCHEMES = ['light', 'dark'] as const;

const stacks = await createEmbeddedStacks();
const stack = await stacks.start();
const browser = await chromium.launch(launchOptions());
try {
  for (const folder of [FOLDER, README_FOLDER]) mkdirSync(folder, { recursive: true });
  await workForATerm(stack.url);
  for (const colorScheme of SCHEMES) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      const file = (name: string) => `${FOLDER}${name}-${screen}-${colorScheme}.png`;
      for (const name of Object.keys(PICTURES) as DemoName[]) {
        await withPage(browser, { viewport, colorScheme }, (page) => takeAll(page, name, file));
      }
      await withPage(browser, { viewport, colorScheme }, async (page) => {
        await page.goto(`${stack.url}/login`);
        await page.getByRole('button', { name: 'Olga Petrova' }).waitFor();
        await picture(page, file('login'), true);
        await openDemo(page, stack.url);
        await untilLoaded({ page });
        await picture(page, file('demo'), true);
      });
    }
  }
  await withPage(browser, { viewport: SCREENS.wide, colorScheme: 'light' }, async (page) => {
    await comeIn({ page, wire: recordWire(page) }, stack.url, 'olga', '/children/3');
    await picture(page, `${README_FOLDER}child.png`, true);
  });
  await withPage(browser, { viewport: SCREENS.wide, colorScheme: 'dark' }, async (page) => {
    await comeIn({ page, wire: recordWire(page) }, stack.url, 'elena', '/plans');
    await picture(page, `${README_FOLDER}plans-dark.png`, false);
  });
  await withPage(browser, { viewport: SCREENS.phone, colorScheme: 'light' }, async (page) => {
    await comeIn({ page, wire: recordWire(page) }, stack.url, 'anna', '/materials');
    await picture(page, `${README_FOLDER}materials-phone.png`, false);
  });
  // High enough for the steps and the tutor to stand below each other.
  await withPage(browser, { viewport: { width: 1440, height: 1640 }, colorScheme: 'light' }, async (page) => {
    const { handWritten } = await openDemo(page, stack.url);
    await cutWire(page);
    await unassignInDemo(page, 'Anna Petrova', 'English');
    await assignInDemo(page, 'Misha Petrov', 'Physics');
    await mendWire(page);
    // Long enough for the difference to show.
    await expect.poll(() => counterOf(handWritten, 'seconds stale')).toBeGreaterThan(5);
    await picture(page, `${README_FOLDER}demo.png`, false);
  });
  console.log(`Screenshots are in ${FOLDER}`);
} finally {
  await browser.close();
  await stack.close();
  await stacks.close();
}

/** Takes the pictures of one person, who is logged in once for all. */
async function takeAll(page: Page, name: DemoName, file: (picture: string) => string): Promise<void> {
  const visitor = await comeIn({ page, wire: recordWire(page) }, stack.url, name);
  for (const [each, { path, open }] of Object.entries(PICTURES[name] ?? {})) {
    await page.goto(`${stack.url}${path}`);
    await untilLoaded(visitor);
    await open?.(page);
    await picture(page, file(each), !open);
  }
}

type ContextOptions = Parameters<Browser['newContext']>[0];

async function picture(page: Page, path: string, fullPage: boolean): Promise<void> {
  await page.screenshot({ path, fullPage, animations: 'disabled' });
}

async function withPage(from: Browser, options: ContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await from.newContext(options);
  await use(await context.newPage());
  await context.close();
}
