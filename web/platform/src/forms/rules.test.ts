import { expect, test } from 'vitest';
import { chosen, dayOfThisCentury, text } from './rules.js';

test('a text is as long as it is without the space around it', () => {
  const rule = text({ min: 3, max: 200 });
  expect(rule(' abc ')).toBeNull();
  expect(rule('  ab  ')).toBe('must have at least 3 characters');
});

test('an empty choice asks for one', () => {
  expect(chosen('')).toBe('must be chosen');
  expect(chosen('3')).toBeNull();
});

test('a day is one of this century', () => {
  expect(dayOfThisCentury('')).toBe('must be a date');
  expect(dayOfThisCentury('1999-12-31')).toBe('must be a date of this century');
  expect(dayOfThisCentury('2099-12-31')).toBeNull();
});
