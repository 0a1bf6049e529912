import { expect, test } from 'vitest';
import { CONNECT_CODES, isRetryable } from './codes.js';

test('only an expired token and an overloaded gateway are worth another try', () => {
  expect(['token_expired', 'overloaded'].every(isRetryable)).toBe(true);
  expect(['token_invalid', 'forbidden', 'protocol_unsupported', 'origin_refused'].some(isRetryable)).toBe(false);
});

test('a code of a newer gateway, and any name that objects inherit, is terminal', () => {
  expect(['', 'quota_exceeded', '__proto__', 'constructor', 'toString'].some(isRetryable)).toBe(false);
});

test('every code is of the class that the table gives it', () => {
  for (const [code, kind] of Object.entries(CONNECT_CODES)) expect(isRetryable(code)).toBe(kind === 'retryable');
});
