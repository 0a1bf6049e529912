import { expect, test } from 'vitest';
import { runStage } from './stage.mjs';
import { summaryLines } from './summary.mjs';

test('the last line alone is the sum over everything', () => {
  const lines = summaryLines([
    { name: 'lint', passed: 1, failed: 0, seconds: 2 },
    { name: 'unit tests', passed: 40, failed: 2, seconds: 10.25 },
  ]);
  expect(lines.at(-1)).toBe('41 passed, 2 failed');
  expect(lines.find((line) => line.includes('unit tests'))).toMatch(/FAILED.*10\.3 s.*40 passed, 2 failed/);
});

test('what did not pass is told again before the table, and the last line stays the sum', () => {
  const failures = [{ title: 'a.test.ts › adds', message: 'expected 3\nto be 4' }];
  const lines = summaryLines([{ name: 'unit tests', passed: 1, failed: 1, seconds: 1, failures }]);
  expect(lines.slice(0, 4)).toEqual(['', '  did not pass: a.test.ts › adds', '      expected 3', '      to be 4']);
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});

test('the names of what did not pass stand behind the table, where the end of a log has them', () => {
  const failures = [{ title: 'a.test.ts › adds', message: 'expected 3\nto be 4' }];
  const lines = summaryLines([{ name: 'unit tests', passed: 1, failed: 1, seconds: 1, failures }]);
  expect(lines.slice(-4)).toEqual(['', '  did not pass: a.test.ts › adds', '', '1 passed, 1 failed']);
});

test('of many that did not pass the first are told, and how many there are besides', () => {
  const failures = Array.from({ length: 23 }, (_, index) => ({ title: `test ${index}`, message: '' }));
  const lines = summaryLines([{ name: 'unit tests', passed: 0, failed: 23, seconds: 1, failures }]);
  expect(lines.filter((line) => line.includes('did not pass'))).toHaveLength(2 * 20);
  expect(lines).toContain('  and 3 more');
});

test('a stage that throws has failed and says why', async () => {
  const said: string[] = [];
  const fails = () => Promise.reject(new Error('no such tool'));
  const result = await runStage(
    'broken',
    fails,
    (line) => said.push(line),
    () => 0,
  );
  expect(said.at(-1)).toBe('no such tool');
  expect(result).toEqual({ name: 'broken', passed: 0, failed: 1, problem: 'no such tool', seconds: 0 });
});
