import { expect, test } from 'vitest';
import { mondayToCome, weekFrom } from './weeks.js';

test('one plans for the week that begins today or next', () => {
  expect(mondayToCome(new Date(2026, 10, 23, 8))).toBe('2026-11-23');
  expect(mondayToCome(new Date(2026, 10, 24))).toBe('2026-11-30');
  expect(mondayToCome(new Date(2026, 10, 29, 23, 59))).toBe('2026-11-30');
});

test('a week has seven days, over the end of a month and of a year too', () => {
  expect(weekFrom('2026-12-28')).toBe('28 Dec – 3 Jan');
});

test('a half-typed day names no week', () => {
  expect(weekFrom('')).toBe('');
  expect(weekFrom('2026-13-45')).toBe('');
});
