import { expect, test } from 'vitest';
import { mostByChance, mostPerSecond } from './rates.js';

test('the fullest second begins anywhere', () => {
  expect(mostPerSecond([])).toBe(0);
  expect(mostPerSecond([5_900, 100, 1_050, 900, 1_099, 1_100])).toBe(4);
});

test('what is left to chance is bounded by it', () => {
  const polls = { pages: 200, perSecond: 1 / 20, seconds: 60, stoodSeconds: 0 };
  expect(mostByChance(polls)).toBe(34);
  expect(mostByChance({ ...polls, stoodSeconds: 0.4 })).toBe(41);
  expect(mostByChance({ ...polls, perSecond: 1 })).toBe(200);
  // Ten of ten, each with one half, are likelier than one in a million.
  expect(mostByChance({ pages: 10, perSecond: 0.5 / 1.1, seconds: 0.1, stoodSeconds: 0 })).toBe(10);
});
