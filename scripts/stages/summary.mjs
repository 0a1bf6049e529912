/**
 * @typedef {object} StageResult
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} seconds
 * @property {string} [problem] Why the stage failed, when the counts do not say it.
 */

/**
 * The table of all stages and, as the last line alone, the sum.
 *
 * @param {readonly StageResult[]} results
 * @returns {string[]} Lines.
 */
export function summaryLines(results) {
  const width = Math.max(...results.map((result) => result.name.length));
  const rows = results.map((result) => {
    const mark = result.failed === 0 ? 'ok    ' : 'FAILED';
    const counts = `${result.passed} passed, ${result.failed} failed`;
    const seconds = `${result.seconds.toFixed(1)} s`;
    const problem = result.problem ? `  ${result.problem}` : '';
    return `  ${mark}  ${result.name.padEnd(width)}  ${seconds.padStart(8)}  ${counts}${problem}`;
  });
  return ['', ...rows, '', totalLine(results)];
}

/**
 * `N passed, N failed`.
 *
 * @param {readonly { passed: number, failed: number }[]} results
 */
export function totalLine(results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  return `${passed} passed, ${failed} failed`;
}
