import { expect, test } from 'vitest';
import { deviceOf, withDevice } from './known-device.js';

const SECRET = 'a secret of at least thirty-two characters';
const olga = { account: 'olga@demo.test', passwordHash: 'scrypt$1' };
const ivan = { account: 'ivan@demo.test', passwordHash: 'scrypt$2' };

test('a browser is known for the accounts that it logged in to, and stays so', () => {
  const first = withDevice(SECRET, undefined, olga);
  const both = withDevice(SECRET, first, ivan);
  expect(deviceOf(SECRET, both, olga)).toBe(deviceOf(SECRET, first, olga));
  expect(deviceOf(SECRET, both, ivan)).toMatch(/^[\w-]{22}$/);
  expect(deviceOf(SECRET, first, ivan)).toBeUndefined();
  expect(withDevice(SECRET, both, olga)).toBeUndefined();
});

test('with another password nobody is known any more, or marks could be kept in store for guesses', () => {
  const cookie = withDevice(SECRET, undefined, olga);
  const changed = { ...olga, passwordHash: 'scrypt$3' };
  expect(deviceOf(SECRET, cookie, changed)).toBeUndefined();
  expect(deviceOf(SECRET, withDevice(SECRET, cookie, changed), changed)).toBeDefined();
});

test.each([undefined, '', '.', 'a.b', 'a.b.c', '..........'])('nobody is known by %j', (cookie) => {
  expect(deviceOf(SECRET, cookie, olga)).toBeUndefined();
});
