import { expect, test } from 'vitest';
import { chartWeeks } from './chart-weeks.js';

const week = (weekStartDate: string, completed: number) => ({ weekStartDate, completed });

test('without any week there is nothing to show', () => {
  expect(chartWeeks([])).toEqual([]);
});

test('weeks in which nothing was completed are there with 0, also over the change of the clocks', () => {
  const weeks = [week('2026-10-05', 2), week('2026-10-26', 1), week('2026-11-16', 3)];
  expect(chartWeeks(weeks)).toEqual([
    week('2026-10-05', 2),
    week('2026-10-12', 0),
    week('2026-10-19', 0),
    week('2026-10-26', 1),
    week('2026-11-02', 0),
    week('2026-11-09', 0),
    week('2026-11-16', 3),
  ]);
});

test('a single week has the five before it for company', () => {
  const shown = chartWeeks([week('2026-01-05', 4)]);
  expect(shown.map(({ completed }) => completed)).toEqual([0, 0, 0, 0, 0, 4]);
  expect(shown[0]?.weekStartDate).toBe('2025-12-01');
});

test('of weeks far apart the newest half a year is shown', () => {
  const shown = chartWeeks([week('2020-01-06', 1), week('2026-11-16', 1)]);
  expect(shown).toHaveLength(26);
  expect(shown.at(-1)).toEqual(week('2026-11-16', 1));
});
