import { expect, test } from 'vitest';
import { playwrightFailures, vitestFailures } from './failures.mjs';

test('a failed and a skipped test of vitest are named with their file and what was said', () => {
  const assertionResults = [
    { fullName: 'sums add up', status: 'passed', failureMessages: [] },
    { fullName: 'sums bite', status: 'failed', failureMessages: ['\u001B[31mexpected 3 to be 4\u001B[39m\n  at here'] },
    { fullName: 'sums wait', status: 'todo', failureMessages: [] },
  ];
  const testResults = [{ name: '/project/src/sums.test.ts', status: 'failed', message: '', assertionResults }];
  expect(vitestFailures({ testResults }, '/project')).toEqual([
    { title: 'src/sums.test.ts › sums bite', message: 'expected 3 to be 4\n  at here' },
    { title: 'src/sums.test.ts › sums wait', message: 'todo' },
  ]);
});

test('a file that vitest could not load is named with the reason', () => {
  const testResults = [
    { name: '/project/a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
  ];
  expect(vitestFailures({ testResults }, '/project')).toEqual([{ title: 'a.test.ts', message: 'no such module' }]);
});

test('of a long message the first lines are kept', () => {
  const message = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
  const testResults = [{ name: '/project/a.test.ts', status: 'failed', message, assertionResults: [] }];
  expect(vitestFailures({ testResults }, '/project')[0]?.message.split('\n')).toHaveLength(12);
});

test('a browser test that failed, and an error outside the tests, are named', () => {
  const run = (projectName: string, status: string, message?: string) => ({
    projectName,
    status,
    results: message === undefined ? [] : [{ error: { message } }],
  });
  const spec = (title: string, ...tests: unknown[]) => ({ title, file: 'a.spec.ts', tests });
  const suites = [
    {
      specs: [spec('opens', run('embedded', 'expected'), run('distributed', 'unexpected', 'no page'))],
      suites: [{ specs: [spec('closes', run('embedded', 'skipped'))] }],
    },
  ];
  expect(playwrightFailures({ suites, errors: [{ message: 'cannot load b.spec.ts' }] })).toEqual([
    { title: 'outside the tests', message: 'cannot load b.spec.ts' },
    { title: 'a.spec.ts › [distributed] › opens', message: 'no page' },
    { title: 'a.spec.ts › [embedded] › closes', message: 'skipped' },
  ]);
});
