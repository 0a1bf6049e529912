/**
 * @typedef {object} StageResult
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} seconds
 * @property {string} [problem] Why the stage failed, when the counts do not say it.
 * @property {readonly import('./failures.mjs').Failure[]} [failures] Each test that did not pass.
 */

/** So many are told once more; whoever has broken more than that begins with these. */
const MAX_FAILURES = 20;

/**
 * What failed, the table of all stages and, as the last line alone, the sum. What failed is told again here, since
 * thousands of lines may lie between, and its names once more behind the table: of a long log often only the end is kept.
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
  const failures = results.flatMap((result) => result.failures ?? []);
  return [...failureLines(failures), '', ...rows, ...nameLines(failures), '', totalLine(results)];
}

/** @param {readonly import('./failures.mjs').Failure[]} failures */
function failureLines(failures) {
  const told = failures.slice(0, MAX_FAILURES).flatMap(({ title, message }) => {
    const lines = message === '' ? [] : message.split('\n').map((line) => `      ${line}`);
    return ['', `  did not pass: ${title}`, ...lines];
  });
  const more = failures.length - MAX_FAILURES;
  return more > 0 ? [...told, '', `  and ${more} more`] : told;
}

/** @param {readonly import('./failures.mjs').Failure[]} failures */
function nameLines(failures) {
  const names = failures.slice(0, MAX_FAILURES).map(({ title }) => `  did not pass: ${title}`);
  return names.length > 0 ? ['', ...names] : [];
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
