/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed Skipped, todo and flaky tests included: a test that did not pass did not pass.
 */

/**
 * Reads the JSON report of vitest. A file that could not be loaded, or failed outside its tests, counts one failed.
 *
 * @param {any} report
 * @returns {Counts}
 */
export function vitestCounts(report) {
  const counts = { passed: 0, failed: 0 };
  for (const file of report.testResults) {
    const passed = file.assertionResults.filter(isPassed).length;
    const failed = file.assertionResults.length - passed;
    counts.passed += passed;
    counts.failed += failed === 0 && file.status !== 'passed' ? 1 : failed;
  }
  return counts;
}

/**
 * Reads the JSON report of Playwright. An error outside the tests, such as a spec that cannot be loaded, counts one
 * failed.
 *
 * @param {any} report
 * @returns {Counts}
 */
export function playwrightCounts(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + skipped + report.errors.length };
}

/**
 * What a stage of tests counts for: its report, and at least one failed when the runner says that it failed, when there
 * is no report, or when nothing ran.
 *
 * @param {Counts | undefined} counts
 * @param {number} exitCode
 * @returns {Counts}
 */
export function judged(counts, exitCode) {
  if (!counts) return { passed: 0, failed: 1 };
  const suspicious = exitCode !== 0 || counts.passed === 0;
  return suspicious && counts.failed === 0 ? { passed: counts.passed, failed: 1 } : counts;
}

/** @param {{ status: string }} assertion */
function isPassed(assertion) {
  return assertion.status === 'passed';
}
