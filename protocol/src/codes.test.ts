import { expect, test } from 'vitest';
import { CONNECT_CODES, isRetryable } from './codes.js';

test('only an expired token, an overloaded gateway and its limits are worth another try', () => {
  expect(['token_expired', 'overloaded', 'rate_limited', 'too_many_connections'].every(isRetryable)).toBe(true);
  expect(['token_invalid', 'forbidden', 'protocol_unsupported', 'origin_refused'].some(isRetryable)).toBe(false);
});

test('a code of a newer gateway, and any name that objects inherit, is terminal', () => {
  expect(
    ['', 'quota_exceeded', 'not_overloaded', 'overloaded\n', '__proto__', 'constructor', 'toString'].some(isRetryable),
  ).toBe(false);
});

test('every code is of the class that the table gives it', () => {
  for (const [code, kind] of Object.entries(CONNECT_CODES)) expect(isRetryable(code)).toBe(kind === 'retryable');
});
