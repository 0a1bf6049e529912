import { join } from 'node:path';
import { packageBin } from '../process/package-bin.mjs';
import { runUninterrupted } from '../process/run.mjs';
import { judged, vitestCounts } from './counts.mjs';
import { vitestFailures } from './failures.mjs';
import { clearReport, readReport } from './report-file.mjs';

/**
 * Runs projects of vitest.config.ts.
 *
 * @param {string} root
 * @param {{ name: string, projects: readonly string[], timeoutMs: number }} options `name` is that of the report;
 *   the timeout is for a run that hangs: a slow machine may take its time.
 * @returns {Promise<import('./stage.mjs').StageOutcome>}
 */
export async function vitestStage(root, { name, projects, timeoutMs }) {
  const report = join(root, '.cache', 'reports', `${name}.json`);
  clearReport(report);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const result = await runUninterrupted(
    process.execPath,
    [packageBin(root, 'vitest'), 'run', ...projects.map((project) => `--project=${project}`), ...reporters],
    { cwd: root, timeoutMs },
  );
  const counts = judged(readReport(report, vitestCounts), result.code);
  const failures = readReport(report, (read) => vitestFailures(read, root)) ?? [];
  return { ...counts, failures, ...(result.timedOut && { problem: `no end after ${timeoutMs / 1_000} s` }) };
}
