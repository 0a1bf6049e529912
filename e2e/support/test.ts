import { test as base, type Page } from 'playwright/test';
import { copyDataTemplate, createDataTemplate, removeDataDir } from './data-dir.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { type Stack, startStack } from './stack.js';
import { warmUp } from './warm-up.js';
import { recordWire, type WireRecord } from './wire-record.js';

/** A page in a browser context of its own: another person at another computer. */
export interface Visitor {
  readonly page: Page;
  readonly wire: WireRecord;
}

interface Fixtures {
  /** A platform of this test's own, with the demo data as it comes. */
  stack: Stack;
  /** A wire to {@link stack} that can be cut. */
  faultProxy: FaultProxy;
  /** Opens a browser context for one more person. */
  visit: () => Promise<Visitor>;
}

interface WorkerFixtures {
  template: string;
}

/** Playwright's `test` with a platform behind it. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  template: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from the pattern.
    async ({}, use) => {
      const folder = await createDataTemplate();
      await use(folder);
      removeDataDir(folder);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  stack: async ({ template }, use, testInfo) => {
    const folder = copyDataTemplate(template);
    const stack = await startStack(folder);
    await warmUp(stack.url);
    await use(stack);
    await stack.close();
    removeDataDir(folder);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server log', { body: stack.log.join('\n'), contentType: 'text/plain' });
    }
  },
  faultProxy: async ({ stack }, use) => {
    const proxy = await startFaultProxy(stack.url);
    await use(proxy);
    await proxy.close();
  },
  visit: async ({ browser, stack: _stack }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      return { page, wire: recordWire(page) };
    });
    for (const context of contexts) await context.close();
  },
});

export { expect } from 'playwright/test';
