import { expect, test } from 'vitest';
import { formatWeek, mondayOf } from './dates.js';

test('a week is named by its days whatever the time zone', () => {
  expect(formatWeek('2026-09-07', '2026-09-13')).toBe('7 Sept – 13 Sept');
});

test('the week of a Sunday began on the Monday before, that of a Monday on the day itself', () => {
  expect(mondayOf(new Date(2026, 10, 29, 23, 59))).toBe('2026-11-23');
  expect(mondayOf(new Date(2026, 10, 23))).toBe('2026-11-23');
});
