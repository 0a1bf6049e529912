import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../setup/root.mjs';

const GUARANTEES = readFileSync(join(ROOT, 'docs', 'guarantees.md'), 'utf8');
const files = new Set([...GUARANTEES.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, file = '']) => file));

test.each([...files])('the test %s that a guarantee rests on is there', (file) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
});

test('each guarantee names a test', () => {
  const rows = GUARANTEES.split('\n').filter((line) => line.startsWith('| **'));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toMatch(/`[\w./-]+\.test\.tsx?`|`[\w./-]+\.spec\.ts`/);
});
