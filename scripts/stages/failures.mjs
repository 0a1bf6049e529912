import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {object} Failure
 * @property {string} title The file, relative to the project, and the test's whole name.
 * @property {string} message What the runner said of it first; empty when it said nothing.
 */

/** Lines of a message that tell what went wrong; a difference of two large values has many more. */
const MAX_LINES = 12;

/**
 * Every test of vitest's JSON report that did not pass, and each file that could not be loaded.
 *
 * @param {any} report
 * @param {string} root
 * @returns {Failure[]}
 */
export function vitestFailures(report, root) {
  return report.testResults.flatMap((/** @type {any} */ file) => {
    const path = relative(root, file.name);
    const tests = file.assertionResults.filter((/** @type {any} */ one) => one.status !== 'passed');
    if (tests.length > 0) {
      return tests.map((/** @type {any} */ one) =>
        failure([path, one.fullName], one.failureMessages?.[0] ?? one.status),
      );
    }
    return file.status === 'passed' ? [] : [failure([path], file.message)];
  });
}

/**
 * Every test of Playwright's JSON report that did not pass at once, and each error outside the tests.
 *
 * @param {any} report
 * @returns {Failure[]}
 */
export function playwrightFailures(report) {
  const specs = report.suites.flatMap(specsOf);
  return [
    ...report.errors.map((/** @type {any} */ error) => failure(['outside the tests'], error.message)),
    ...specs.flatMap((/** @type {any} */ spec) =>
      spec.tests
        .filter((/** @type {any} */ one) => one.status !== 'expected')
        .map((/** @type {any} */ one) =>
          failure([spec.file, `[${one.projectName}]`, spec.title], one.results[0]?.error?.message ?? one.status),
        ),
    ),
  ];
}

/**
 * @param {any} suite
 * @returns {any[]}
 */
function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/**
 * @param {readonly string[]} path
 * @param {string | undefined} message
 * @returns {Failure}
 */
function failure(path, message) {
  const lines = stripVTControlCharacters(message ?? '').split('\n');
  return { title: path.join(' › '), message: lines.slice(0, MAX_LINES).join('\n').trimEnd() };
}
