import { expect, test } from 'vitest';
import { nextProgress } from './next-progress.js';

test('progress always changes, and never completes anything', () => {
  for (let from = 0; from <= 100; from += 1) {
    const next = nextProgress(from);
    expect(next).not.toBe(from);
    expect(next).toBeLessThan(100);
    expect(next).toBeGreaterThan(0);
  }
});

test('it goes up until near the end, then begins anew', () => {
  expect([40, 85, 95, 100].map(nextProgress)).toEqual([55, 95, 10, 10]);
});
