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
