import { expect, test } from 'vitest';
import { textProblem } from './text-problem.js';

test('spaces around a text do not count', () => {
  expect(textProblem('   ', { max: 5 })).toBe('must not be empty');
  expect(textProblem('  Elena  ', { max: 5 })).toBeNull();
});

test('a text can be too short and too long', () => {
  expect(textProblem('ab', { min: 3, max: 5 })).toBe('must have at least 3 characters');
  expect(textProblem('abcdef', { max: 5 })).toBe('is too long');
});

test('a text that may be missing may be empty', () => {
  expect(textProblem('', { min: 0, max: 5 })).toBeNull();
});

test('only a text of several lines has line breaks, and none has other control characters', () => {
  expect(textProblem('a\nb', { max: 5 })).toBe('must not contain control characters');
  expect(textProblem('a\nb', { max: 5, lines: true })).toBeNull();
  expect(textProblem('a\u0007b', { max: 5, lines: true })).toBe('must not contain control characters');
  expect(textProblem('a\u202eb', { max: 5, lines: true })).toBe('must not contain control characters');
});

test('what nobody can see is empty', () => {
  expect(textProblem('\u200b', { max: 5 })).toBe('must not be empty');
});
