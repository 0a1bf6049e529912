import { expect, test } from 'vitest';
import { createRate, createRates } from './rate.js';
import { virtualTimers } from './virtual-timers.test.support.js';

const RATE = { limit: 4, perMs: 1_000 };

test('as many as the limit may come at once, and one more for each part of the time that passes', () => {
  const timers = virtualTimers();
  const mayCome = createRate(RATE, timers);
  const come = (times: number) => Array.from({ length: times }, mayCome);
  expect(come(5)).toEqual([true, true, true, true, false]);
  timers.advance(249);
  expect(come(1)).toEqual([false]);
  timers.advance(1);
  expect(come(2)).toEqual([true, false]);
  timers.advance(500);
  expect(come(3)).toEqual([true, true, false]);
  timers.advance(60_000);
  expect(come(5)).toEqual([true, true, true, true, false]);
});

test.each([1, 3, 7, 256, 500, 5_000])('exactly %d may come at once, and refused ones delay nobody', (limit) => {
  const timers = virtualTimers();
  const mayCome = createRate({ limit, perMs: 10_000 }, timers);
  const first = Array.from({ length: limit }, mayCome);
  expect(first.every(Boolean)).toBe(true);
  for (let refused = 0; refused < 50; refused += 1) expect(mayCome()).toBe(false);
  timers.advance(10_000);
  expect(Array.from({ length: limit + 1 }, mayCome).filter(Boolean)).toHaveLength(limit);
});

test('keys do not share a rate', () => {
  const rates = createRates({ limit: 1, perMs: 1_000 }, virtualTimers());
  expect(['a', 'a', 'b', 'b'].map((key) => rates.take(key))).toEqual([true, false, true, false]);
});

test('a key is forgotten once it makes no difference, as others come', () => {
  const timers = virtualTimers();
  const rates = createRates(RATE, timers);
  for (let key = 0; key < 1_000; key += 1) rates.take(String(key));
  timers.advance(125);
  rates.take('late');
  expect(rates.size()).toBe(1_001);
  timers.advance(125);
  rates.take('later');
  expect(rates.size()).toBe(2);
  expect(timers.pending()).toBe(0);
});

test('of too many keys those that were used last are remembered', () => {
  const rates = createRates({ limit: 2, perMs: 1_000 }, virtualTimers(), 100);
  const answers = new Set<boolean>();
  for (let key = 0; key < 10_000; key += 1) {
    rates.take(String(key));
    if (key % 50 === 0) answers.add(rates.take('busy'));
    expect(rates.size()).toBeLessThanOrEqual(100);
  }
  // Twice, and then no more, however many others came.
  expect([...answers]).toEqual([true, false]);
});
