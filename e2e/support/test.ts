import { test as base, type Page } from 'playwright/test';
import { noteOfBrowser, noteRun } from '../written/note.js';
import { createDistributedStacks } from './distributed-stack.js';
import { createEmbeddedStacks } from './embedded-stack.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { openScene, type Scene } from './scene.js';
import { type SharedPlatform, sharePlatform } from './shared-platform.js';
import type { Servers, Stack, StackFactory } from './stack.js';
import { warmUp } from './warm-up.js';
import { recordWire, type WireRecord } from './wire-record.js';

/** A page in a browser context of its own: another person at another computer. */
export interface Visitor {
  readonly page: Page;
  readonly wire: WireRecord;
}

/** What a project says of itself. */
export interface Options {
  /** `embedded`: one process. `distributed`: two processes behind nginx, on PostgreSQL and Redis. */
  column: 'embedded' | 'distributed';
}

interface Fixtures {
  /** That it ran says what there must be to find in what servers wrote. */
  ran: undefined;
  /**
   * Whose platform {@link stack} is: `own`, with the demo data as it comes, or `shared` with other tests. A test may share
   * when it leaves the servers alone, and counts on nothing that another one may have changed but the demo's students.
   */
  platform: 'own' | 'shared';
  stack: Stack;
  /** What {@link stack} runs on; distributed only. */
  servers: Servers;
  /** A wire to {@link stack} that can be cut. */
  faultProxy: FaultProxy;
  /** Opens a browser context for one more person. */
  visit: () => Promise<Visitor>;
}

interface WorkerFixtures {
  /** What people send, and are told at their log-in, is looked for in all that servers write. */
  noted: undefined;
  stacks: StackFactory;
  shared: SharedPlatform;
  /** A platform and its people, shared by the tests of a worker that use it. */
  scene: Scene;
}

/** Playwright's `test` with a platform behind it. */
export const test = base.extend<Fixtures, Options & WorkerFixtures>({
  column: ['embedded', { scope: 'worker', option: true }],
  ran: [
    async ({ noted: _noted }, use, test) => {
      await use(undefined);
      noteRun(test);
    },
    { auto: true },
  ],
  noted: [
    async ({ browser }, use) => {
      noteOfBrowser(browser);
      await use(undefined);
    },
    { scope: 'worker', auto: true },
  ],
  stacks: [
    async ({ column }, use) => {
      const stacks = await (column === 'embedded' ? createEmbeddedStacks() : createDistributedStacks());
      await use(stacks);
      await stacks.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  shared: [
    async ({ stacks }, use) => {
      const shared = sharePlatform(stacks);
      await use(shared);
      await shared.close();
    },
    { scope: 'worker' },
  ],
  scene: [
    async ({ stacks, browser }, use) => {
      const stack = await stacks.start();
      await warmUp(stack.url);
      const scene = openScene(browser, stack);
      await use(scene);
      await scene.close();
      await stack.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  platform: ['own', { option: true }],
  stack: async ({ stacks, shared, platform }, use, testInfo) => {
    const isOwn = platform === 'own';
    const stack = isOwn ? await stacks.start() : await shared.enter();
    if (isOwn) await warmUp(stack.url);
    await use(stack);
    if (isOwn) await stack.close();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server log', { body: stack.log(), contentType: 'text/plain' });
    }
  },
  servers: async ({ stack }, use) => {
    if (!stack.servers) throw new Error('only a distributed stack has servers');
    await use(stack.servers);
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
