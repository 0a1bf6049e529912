import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Locator, type Page } from 'playwright/test';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';
import { type OwnBrowser, startOwnBrowser } from '../support/own-browser.js';
import { recordWire, type WireRecord } from '../support/wire-record.js';
import { noteRun } from '../written/note.js';
import { buildPage } from './build-page.js';
import { type ScriptedOptions, type ScriptedServer, startScriptedServer } from './scripted-server.js';
import { type LibraryServer, startLibraryServer } from './server.js';
import { recordShown } from './shown.js';

/** A page that somebody looks at. */
export interface Visit {
  readonly page: Page;
  readonly wire: WireRecord;
}

interface Fixtures {
  /** That it ran says what there must be to find in what servers wrote. */
  ran: undefined;
  /** How long a token of {@link server} lasts, in seconds. */
  tokenLifeSeconds: number;
  server: LibraryServer;
  /** A way for the sockets of pages, and for nothing else, to {@link server}: `?gateway=`. */
  faultProxy: FaultProxy;
  /** Starts a server that sends what the test wants. */
  startScripted: (options: ScriptedOptions) => Promise<ScriptedServer>;
  /** Opens an address in the test's page and waits until it is live. */
  open: (address: string) => Promise<Visit>;
}

interface WorkerFixtures {
  /** The built page. */
  pageFolder: string;
  /** A browser whose pages can be hidden, frozen and gone back to. */
  ownBrowser: OwnBrowser;
}

/** Playwright's `test` with the library's page and a backend of it. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  ran: [
    async ({ browser: _browser }, use, test) => {
      await use(undefined);
      noteRun(test);
    },
    { auto: true },
  ],
  pageFolder: [
    async ({ browser: _browser }, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'querycast-library-page-'));
      await buildPage(folder);
      await use(folder);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  ownBrowser: [
    async ({ browser: _browser }, use) => {
      const browser = await startOwnBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  tokenLifeSeconds: [3_600, { option: true }],
  server: async ({ pageFolder, tokenLifeSeconds }, use) => {
    const server = await startLibraryServer(pageFolder, tokenLifeSeconds);
    await use(server);
    await server.close();
  },
  faultProxy: async ({ server }, use) => {
    const proxy = await startFaultProxy(server.url);
    await use(proxy);
    await proxy.close();
  },
  startScripted: async ({ pageFolder }, use) => {
    const servers: ScriptedServer[] = [];
    await use(async (options) => {
      const server = await startScriptedServer(pageFolder, options);
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.close();
  },
  open: async ({ page }, use) => {
    await use((address) => openIn(page, address));
  },
});

/** Opens an address in a page and waits until it is live. */
export async function openIn(page: Page, address: string): Promise<Visit> {
  const wire = recordWire(page);
  await recordShown(page);
  await page.goto(address);
  await expect(status(page)).toHaveText('live');
  return { page, wire };
}

/** What the page says of its connection. */
export function status(page: Page): Locator {
  return page.getByRole('status').and(page.locator('p'));
}

/** What the page shows of a counter. */
function counter(page: Page, name: string): Locator {
  return page.locator(`output[aria-label="${name}"]`);
}

/** Expects the page to show a count in the end. */
export async function expectCount(page: Page, name: string, count: number, withinMs?: number): Promise<void> {
  const options = withinMs === undefined ? {} : { timeout: withinMs };
  await expect(counter(page, name)).toHaveText(String(count), options);
}

/** Tells of a change and waits until the page has heard of it. */
export async function changeInSight({ wire }: Visit, change: () => Promise<unknown>): Promise<void> {
  const from = wire.frames.length;
  await change();
  await expect.poll(() => wire.framesOf('invalidate', from).length).toBeGreaterThan(0);
}

/** Waits until a page of an own browser is hidden, or shown. */
export async function expectVisibility(page: Page, state: DocumentVisibilityState): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe(state);
}

export { expectOnward, shownOf } from './shown.js';
export { expect };
