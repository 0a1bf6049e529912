import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.js';

test('a password opens its own hash and no other does', async () => {
  const stored = await hashPassword('demo');
  expect(await verifyPassword('demo', stored)).toBe(true);
  expect(await verifyPassword('Demo', stored)).toBe(false);
  expect(await verifyPassword('', stored)).toBe(false);
});

test('the same password gives another hash each time', async () => {
  expect(await hashPassword('demo')).not.toBe(await hashPassword('demo'));
});

test('a hash of another cost still opens', async () => {
  const stored = 'scrypt$16$1$1$c2FsdA$tKCZBmzfHLhKL4xUrMfYug';
  expect(await verifyPassword('demo', stored)).toBe(true);
  expect(await verifyPassword('wrong', stored)).toBe(false);
});

test('without a hash, or with one that is not ours, nothing opens', async () => {
  expect(await verifyPassword('demo', undefined)).toBe(false);
  expect(await verifyPassword('', '')).toBe(false);
  expect(await verifyPassword('demo', 'demo')).toBe(false);
});

test('the same letters typed in another Unicode form are the same password', async () => {
  expect(await verifyPassword('e\u0301', await hashPassword('\u00e9'))).toBe(true);
});

test('a hash costs what OWASP asks for at least, and has a salt and a key that nobody guesses', async () => {
  const [scheme, N, r, p, salt = '', key = ''] = (await hashPassword('demo')).split('$');
  expect(scheme).toBe('scrypt');
  expect(Number(N)).toBeGreaterThanOrEqual(2 ** 14);
  expect(Number(r)).toBeGreaterThanOrEqual(8);
  // Each halving of N is made up for: OWASP's table begins with N = 2 ** 17 and p = 1.
  expect(Number(N) * Number(p)).toBeGreaterThanOrEqual(5 * 2 ** 14);
  expect(Buffer.from(salt, 'base64url').length).toBeGreaterThanOrEqual(16);
  expect(Buffer.from(key, 'base64url').length).toBeGreaterThanOrEqual(32);
});
