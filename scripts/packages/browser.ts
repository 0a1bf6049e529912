import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findOrInstallChromium } from '../browser/chromium.mjs';
import { ROOT } from '../setup/root.mjs';

// Playwright belongs to the workspace of the browser tests; this is what is used of it here.

/** A running browser. */
export interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** A tab. */
export interface Page {
  goto(url: string): Promise<unknown>;
  /** The text of the first element that a selector matches, once there is one. */
  textContent(selector: string): Promise<string | null>;
  evaluate(expression: string): Promise<unknown>;
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
  on(event: 'websocket', listener: (socket: WebSocket) => void): unknown;
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): unknown;
  close(): Promise<void>;
}

interface WebSocket {
  on(event: 'framereceived', listener: (frame: { readonly payload: string | Uint8Array }) => void): unknown;
}

/** A page, what its sockets received, and what its console held against it. */
export interface OpenPage {
  readonly page: Page;
  readonly received: readonly string[];
  readonly complaints: readonly string[];
}

/** Starts the Chromium that the browser tests use, with the Playwright of their workspace. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await findOrInstallChromium(ROOT, console.log);
  const { chromium }: { chromium: { launch(options: object): Promise<Browser> } } = createRequire(
    join(ROOT, 'e2e/package.json'),
  )('playwright');
  // As root it cannot set up a sandbox; what it loads was built here.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, args: ['--disable-gpu'] });
}

/** Opens an address in a tab of its own. */
export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const page = await browser.newPage();
  const received: string[] = [];
  const complaints: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => received.push(String(payload)));
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, received, complaints };
}
