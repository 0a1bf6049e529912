import { join } from 'node:path';
import { findOrInstallChromium } from '../browser/chromium.mjs';
import { packageBin } from '../process/package-bin.mjs';
import { runUninterrupted } from '../process/run.mjs';
import { judged, playwrightCounts } from './counts.mjs';
import { playwrightFailures } from './failures.mjs';
import { clearReport, readReport } from './report-file.mjs';

/** Both ways to run the platform, and the library by itself; nearly three times as long as they take on two cores, as some are slower. */
const TIMEOUT_MS = 1_800_000;

/**
 * Runs the browser tests in a real Chromium, which is found or installed.
 *
 * @param {string} root
 * @returns {Promise<import('./stage.mjs').StageOutcome>} Rejects with a `ScriptError` when there is no Chromium.
 */
export async function browserStage(root) {
  const chromium = await findOrInstallChromium(root, console.log);
  const report = join(root, '.cache', 'reports', 'browser.json');
  clearReport(report);
  const result = await runUninterrupted(
    process.execPath,
    [packageBin(root, 'playwright'), 'test', '--forbid-only', '--reporter=list,json'],
    {
      cwd: join(root, 'e2e'),
      env: { ...process.env, CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      timeoutMs: TIMEOUT_MS,
    },
  );
  const counts = judged(readReport(report, playwrightCounts), result.code);
  const failures = readReport(report, playwrightFailures) ?? [];
  return { ...counts, failures, ...(result.timedOut && { problem: `no end after ${TIMEOUT_MS / 1_000} s` }) };
}
