import { expect, test } from 'vitest';
import { judged, playwrightCounts, vitestCounts } from './counts.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

test('only a passed test counts as passed: skipped and todo count as failed', () => {
  const testResults = [file('passed', 'passed', 'passed'), file('passed', 'skipped', 'pending', 'todo', 'failed')];
  expect(vitestCounts({ testResults })).toEqual({ passed: 2, failed: 4 });
});

test('a file that could not be loaded counts one failed', () => {
  expect(vitestCounts({ testResults: [file('failed'), file('failed', 'passed')] })).toEqual({ passed: 1, failed: 2 });
});

test('a flaky and a skipped browser test count as failed, and so does an error outside the tests', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 1 };
  expect(playwrightCounts({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 4 });
});

test.each([
  ['left no report', undefined, 0, { passed: 0, failed: 1 }],
  ['failed after its tests passed', { passed: 3, failed: 0 }, 1, { passed: 3, failed: 1 }],
  ['ran nothing', { passed: 0, failed: 0 }, 0, { passed: 0, failed: 1 }],
])('a runner that %s counts at least one failed', (_what, counts, exitCode, expected) => {
  expect(judged(counts, exitCode)).toEqual(expected);
});

test('what failed is not counted twice', () => {
  expect(judged({ passed: 3, failed: 2 }, 1)).toEqual({ passed: 3, failed: 2 });
});
