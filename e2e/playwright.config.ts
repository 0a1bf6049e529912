import { defineConfig } from 'playwright/test';
import { launchOptions } from './support/browser.js';
import type { Options } from './support/test.js';

export default defineConfig<object, Options>({
  testDir: '.',
  // Not the simulation's tests, which are vitest's.
  testMatch: '**/*.spec.ts',
  // Tells where Redis, PostgreSQL and nginx are; begins the record of what servers write.
  globalSetup: ['../scripts/servers/test-setup.mjs', './written/begin.ts'],
  // One server and one browser keep two cores busy; more of them only make deadlines a matter of luck.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  // For getting somewhere. What the product promises stands in the specs, as 2 s or 5 s.
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  outputDir: '../test-results',
  reporter: 'list',
  projects: [
    {
      name: 'embedded',
      testIgnore: '{distributed,library,written}/**',
      use: { column: 'embedded' },
      teardown: 'written',
    },
    {
      name: 'distributed',
      testIgnore: '{embedded,library,written}/**',
      use: { column: 'distributed' },
      teardown: 'written',
    },
    // A page and a backend of their own, without the platform.
    { name: 'library', testMatch: 'library/**/*.spec.ts', teardown: 'written' },
    // After all of them, however they went: what their servers wrote.
    { name: 'written', testMatch: 'written/*.spec.ts' },
  ],
  // A picture of every moment besides would cost a tenth of all the time; the last one tells most.
  use: {
    launchOptions: launchOptions(),
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
});
