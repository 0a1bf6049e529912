import { expect, test } from 'vitest';
import { weeklyRules } from './weekly-rules.js';

test('a report needs a student, a day of this century and something to say', () => {
  const { studentId, weekStartDate, summary } = weeklyRules;
  expect([studentId(''), weekStartDate(''), weekStartDate('1999-12-31'), summary(' ')]).not.toContain(null);
  expect([studentId('3'), weekStartDate('2026-09-07'), summary('First line.\nSecond one.')]).toEqual([
    null,
    null,
    null,
  ]);
});
