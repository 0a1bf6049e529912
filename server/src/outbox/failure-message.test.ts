import { expect, test } from 'vitest';
import { failureMessage } from './failure-message.js';

test('a failure is told without what its message holds of secrets', () => {
  expect(failureMessage(new Error('connect redis://default:hunter2@cache:6379'))).toBe('connect redis://cache:6379');
});

test('where a message lists parameters, its cause stands for it, or what comes before the list', () => {
  const query = 'Failed query: select $1\nparams: hunter2';
  expect(failureMessage(new Error(query))).toBe('Failed query: select $1');
  expect(failureMessage(new Error(query, { cause: new Error('refused: Bearer hunter2') }))).toBe('refused: Bearer …');
  expect(failureMessage(new Error(query, { cause: { detail: 'hunter2' } }))).toBe('Failed query: select $1');
});

test('what a database says of a value is not told, nor what is no message', () => {
  const refused = Object.assign(new Error('invalid input syntax for type integer: "hunter2"'), { code: '22P02' });
  expect(failureMessage(refused)).toBe('the database refused a value (SQLSTATE 22P02)');
  for (const thrown of [
    'hunter2',
    { token: 'hunter2' },
    undefined,
    Object.assign(new Error(), { message: { a: 1 } }),
  ]) {
    expect(failureMessage(thrown)).toBe('something that is no error was thrown');
  }
});

test('causes that form a ring have an end', () => {
  const ring = new Error('Failed query: select $1\nparams: hunter2');
  ring.cause = ring;
  expect(failureMessage(ring)).toBe('Failed query: select $1');
});
