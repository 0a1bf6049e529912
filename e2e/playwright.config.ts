import { defineConfig } from 'playwright/test';
import { launchOptions } from './support/browser.js';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  // One server and one browser keep two cores busy; more of them only make deadlines a matter of luck.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  // For getting somewhere. What the product promises stands in the specs, as 2 s or 5 s.
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  outputDir: '../test-results',
  reporter: 'list',
  use: { launchOptions: launchOptions(), trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});
