import { join } from 'node:path';
import { packageBin } from '../process/package-bin.mjs';
import { runUninterrupted } from '../process/run.mjs';
import { judged, vitestCounts } from './counts.mjs';
import { clearReport, readReport } from './report-file.mjs';

/** For a run that hangs; a slow machine may take its time. */
const TIMEOUT_MS = 600_000;

/**
 * Runs the unit tests of all workspaces.
 *
 * @param {string} root
 * @returns {Promise<import('./stage.mjs').StageOutcome>}
 */
export async function unitStage(root) {
  const report = join(root, '.cache', 'reports', 'unit.json');
  clearReport(report);
  const result = await runUninterrupted(
    process.execPath,
    [packageBin(root, 'vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, timeoutMs: TIMEOUT_MS },
  );
  const counts = judged(readReport(report, vitestCounts), result.code);
  return result.timedOut ? { ...counts, problem: `no end after ${TIMEOUT_MS / 1_000} s` } : counts;
}
