import { expect, test } from 'vitest';
import { bookStaleness, CLEAN_ACCOUNT, formatSeconds, staleTotalMs } from './stale-account.js';

test('a pane that shows the truth collects nothing, however long it is watched', () => {
  const account = bookStaleness(CLEAN_ACCOUNT, false, 1_000);
  expect(account).toBe(CLEAN_ACCOUNT);
  expect(staleTotalMs(account, 60_000)).toBe(0);
});

test('an open interval counts while it lasts', () => {
  const account = bookStaleness(CLEAN_ACCOUNT, true, 1_000);
  expect(staleTotalMs(account, 1_000)).toBe(0);
  expect(staleTotalMs(account, 4_500)).toBe(3_500);
});

test('a second change while stale does not restart the interval', () => {
  const account = bookStaleness(CLEAN_ACCOUNT, true, 1_000);
  expect(bookStaleness(account, true, 2_000)).toBe(account);
});

test('intervals add up and the time between them is free', () => {
  let account = bookStaleness(CLEAN_ACCOUNT, true, 1_000);
  account = bookStaleness(account, false, 3_000);
  account = bookStaleness(account, true, 10_000);
  account = bookStaleness(account, false, 10_500);
  expect(staleTotalMs(account, 99_000)).toBe(2_500);
});

test('a clock that steps back never takes time away', () => {
  const account = bookStaleness(CLEAN_ACCOUNT, true, 5_000);
  expect(staleTotalMs(account, 4_000)).toBe(0);
});

test('seconds are shown with one digit', () => {
  expect([formatSeconds(0), formatSeconds(149), formatSeconds(12_340)]).toEqual(['0.0', '0.1', '12.3']);
});
