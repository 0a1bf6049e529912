import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright/test';
import { launchOptions } from './browser.js';
import { createLineLog } from './line-log.js';

const READY_WITHIN_MS = 30_000;

/** A Chromium that does what a person's would. */
export interface OwnBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/**
 * Starts a Chromium with tabs of one window. Playwright keeps every page of its own browsers visible and focused, and
 * none for going back: in this one a page is hidden while another one is in front, can freeze, and comes back from the
 * back/forward cache.
 */
export async function startOwnBrowser(): Promise<OwnBrowser> {
  const { executablePath = chromium.executablePath(), args = [], chromiumSandbox } = launchOptions();
  const folder = mkdtempSync(join(tmpdir(), 'querycast-browser-'));
  const sandbox = chromiumSandbox ? [] : ['--no-sandbox'];
  const flags = [...args, ...sandbox, '--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`];
  const child = spawn(executablePath, [...flags, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const log = createLineLog();
  log.collect(child.stderr);
  const [, address = ''] = await log.waitFor(/DevTools listening on (ws:\S+)/, READY_WITHIN_MS);
  const browser = await chromium.connectOverCDP(address, { noDefaults: true });
  const [context] = browser.contexts();
  if (!context) throw new Error('a browser without a window');
  return {
    context,
    async close() {
      const session = await browser.newBrowserCDPSession();
      await session.send('Browser.close');
      await exited;
      process.off('exit', killWithUs);
      // Its helpers write a moment longer than it lives.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
