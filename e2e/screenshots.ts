/**
 * `npm run screenshots`: every page in light and dark, wide and narrow, into `.cache/screenshots`; and the pictures of the
 * README in `docs/images`, which are the only ones that are kept in the repository.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page } from 'playwright/test';
import { launchOptions } from './support/browser.js';
import { assignInDemo, counterOf, cutWire, mendWire, openDemo } from './support/demo-page.js';
import { createEmbeddedStacks } from './support/embedded-stack.js';
import { comeIn, type DemoName } from './support/person.js';
import { recordWire } from './support/wire-record.js';

const FOLDER = fileURLToPath(new URL('../.cache/screenshots/', import.meta.url));
const README_FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url));

const SCREENS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const SCHEMES = ['light', 'dark'] as const;

/** Everybody's pages, by the names of the pictures. */
const PAGES: Readonly<Record<string, readonly [name: DemoName, path: string]>> = {
  parent: ['olga', '/'],
  'parent-child': ['olga', '/children/3'],
  'parent-reports': ['olga', '/weekly-reports'],
  student: ['anna', '/'],
  'student-materials': ['anna', '/materials'],
  'student-plans': ['anna', '/plans'],
  'student-progress': ['anna', '/progress'],
  teacher: ['elena', '/'],
  'teacher-students': ['elena', '/students'],
  'teacher-student': ['elena', '/students/3'],
  'teacher-plans': ['elena', '/plans'],
  'teacher-materials': ['elena', '/materials'],
  'teacher-reports': ['elena', '/weekly-reports'],
  tutor: ['marina', '/'],
  'tutor-students': ['marina', '/students'],
  'tutor-reports': ['marina', '/weekly-reports'],
  'admin-users': ['nina', '/users'],
  profile: ['olga', '/profile'],
};

const stacks = await createEmbeddedStacks();
const stack = await stacks.start();
const browser = await chromium.launch(launchOptions());
try {
  for (const folder of [FOLDER, README_FOLDER]) mkdirSync(folder, { recursive: true });
  for (const colorScheme of SCHEMES) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      const shoot = (page: Page, name: string) => picture(page, `${FOLDER}${name}-${screen}-${colorScheme}.png`, true);
      for (const [name, [person, path]] of Object.entries(PAGES)) {
        await withPage(browser, { viewport, colorScheme }, async (page) => {
          await comeIn({ page, wire: recordWire(page) }, stack.url, person, path);
          await shoot(page, name);
        });
      }
      await withPage(browser, { viewport, colorScheme }, async (page) => {
        await page.goto(`${stack.url}/login`);
        await page.getByRole('button', { name: 'Olga Petrova' }).waitFor();
        await shoot(page, 'login');
        await openDemo(page, stack.url);
        await shoot(page, 'demo');
      });
    }
  }
  await withPage(browser, { viewport: SCREENS.wide, colorScheme: 'light' }, async (page) => {
    await comeIn({ page, wire: recordWire(page) }, stack.url, 'olga');
    await picture(page, `${README_FOLDER}parent.png`, false);
    const { handWritten } = await openDemo(page, stack.url);
    await cutWire(page);
    await assignInDemo(page, 'Anna Petrova', 'Physics');
    await assignInDemo(page, 'Misha Petrov', 'Mathematics');
    await mendWire(page);
    // Long enough for the difference to show.
    await expect.poll(() => counterOf(handWritten, 'seconds stale')).toBeGreaterThan(5);
    await picture(page, `${README_FOLDER}demo.png`, true);
  });
  console.log(`Screenshots are in ${FOLDER}`);
} finally {
  await browser.close();
  await stack.close();
  await stacks.close();
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
