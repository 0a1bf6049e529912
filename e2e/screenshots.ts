/**
 * `npm run screenshots`: the pages in light and dark, wide and narrow, into `.cache/screenshots`; and the one picture of
 * the README, `docs/images/demo.png`, which is the only one that is kept in the repository.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page } from 'playwright/test';
import { launchOptions } from './support/browser.js';
import { assignInDemo, counterOf, cutWire, mendWire, openDemo } from './support/demo-page.js';
import { createEmbeddedStacks } from './support/embedded-stack.js';
import { card, signIn } from './support/sign-in.js';

const FOLDER = fileURLToPath(new URL('../.cache/screenshots/', import.meta.url));
const README_PICTURE = fileURLToPath(new URL('../docs/images/demo.png', import.meta.url));

const SCREENS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const SCHEMES = ['light', 'dark'] as const;

/** What to do before each picture, by its name. */
const PAGES: Record<string, (page: Page, url: string) => Promise<void>> = {
  async login(page, url) {
    await page.goto(`${url}/login`);
    await page.getByRole('button', { name: 'Olga Petrova' }).waitFor();
  },
  async parent(page, url) {
    await signIn(page, url, 'Olga Petrova');
    await card(page, 'Anna Petrova').waitFor();
  },
  async child(page, url) {
    await signIn(page, url, 'Olga Petrova');
    await card(page, 'Anna Petrova').getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Subjects' }).waitFor();
  },
  async students(page, url) {
    await signIn(page, url, 'Marina Belova');
    await card(page, 'Lev Sokolov').waitFor();
  },
  async demo(page, url) {
    await openDemo(page, url);
  },
};

const stacks = await createEmbeddedStacks();
const stack = await stacks.start();
const browser = await chromium.launch(launchOptions());
try {
  mkdirSync(FOLDER, { recursive: true });
  for (const scheme of SCHEMES) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      for (const [name, prepare] of Object.entries(PAGES)) {
        await withPage(browser, { viewport, colorScheme: scheme }, async (page) => {
          await prepare(page, stack.url);
          await page.screenshot({ path: `${FOLDER}${name}-${screen}-${scheme}.png`, animations: 'disabled' });
        });
      }
    }
  }
  mkdirSync(fileURLToPath(new URL('../docs/images/', import.meta.url)), { recursive: true });
  await withPage(browser, { viewport: SCREENS.wide, colorScheme: 'light' }, async (page) => {
    const { handWritten } = await openDemo(page, stack.url);
    await cutWire(page);
    await assignInDemo(page, 'Anna Petrova', 'Physics');
    await assignInDemo(page, 'Misha Petrov', 'Mathematics');
    await mendWire(page);
    // Long enough for the difference to show.
    await expect.poll(() => counterOf(handWritten, 'seconds stale')).toBeGreaterThan(5);
    await page.screenshot({ path: README_PICTURE, animations: 'disabled' });
  });
  console.log(`Screenshots are in ${FOLDER}`);
} finally {
  await browser.close();
  await stack.close();
  await stacks.close();
}

type ContextOptions = Parameters<Browser['newContext']>[0];

async function withPage(from: Browser, options: ContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await from.newContext(options);
  await use(await context.newPage());
  await context.close();
}
