import { expect, test } from 'vitest';
import { completedText, formatMinutes } from './progress-words.js';

test.each([
  [0, 0, 'No materials yet'],
  [0, 1, '0 of 1 material completed'],
  [2, 5, '2 of 5 materials completed'],
])('%i completed of %i are told as “%s”', (completed, materials, text) => {
  expect(completedText({ progress: 0, completed, materials })).toBe(text);
});

test.each([
  [0, '0 min'],
  [59, '59 min'],
  [120, '2 h'],
  [1_530, '25 h 30 min'],
])('%i minutes are told as “%s”', (minutes, text) => {
  expect(formatMinutes(minutes)).toBe(text);
});
