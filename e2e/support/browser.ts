import { existsSync } from 'node:fs';
import type { LaunchOptions } from 'playwright/test';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** Chromium as it is used here: the one `CHROMIUM_PATH` names, the system's, or the one Playwright downloaded. */
export function launchOptions(): LaunchOptions {
  const path = process.env.CHROMIUM_PATH ?? (existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined);
  return {
    ...(path === undefined ? {} : { executablePath: path }),
    // A sandbox of its own cannot be set up by root; everything loaded here comes from this repository.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-gpu',
    ],
  };
}
