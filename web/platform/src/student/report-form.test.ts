import { expect, test } from 'vitest';
import { MOST_MINUTES, reportOf, wholeNumberUpTo } from './report-form.js';

test.each([0, 1, 1_440, '7'])('%j minutes are taken', (value) => {
  expect(wholeNumberUpTo(MOST_MINUTES)(value)).toBeNull();
});

test.each(['', '-', 0.5, 'ten'])('%j is no whole number', (value) => {
  expect(wholeNumberUpTo(MOST_MINUTES)(value)).toBe('Enter a whole number.');
});

test.each([-1, 1_441, '2000'])('%j minutes are out of range', (value) => {
  expect(wholeNumberUpTo(MOST_MINUTES)(value)).toBe('Enter a number from 0 to 1,440.');
});

test('numbers are sent, whatever the fields hold', () => {
  expect(reportOf({ progressPercentage: '60', timeSpentMinutes: 15 })).toEqual({
    progressPercentage: 60,
    timeSpentMinutes: 15,
  });
});
