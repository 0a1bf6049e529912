import { expect, test } from 'vitest';
import { firstMarks, nextMarks } from './change-marks.js';

const count = (marks: ReturnType<typeof firstMarks>, id: string) => marks.counts.get(id) ?? 0;

test('nothing counts as changed when it is first shown', () => {
  const marks = firstMarks([['a', 'Physics']]);
  expect(count(marks, 'a')).toBe(0);
});

test('the same things again change nothing, not even the object', () => {
  const marks = firstMarks([['a', 'Physics']]);
  expect(nextMarks(marks, [['a', 'Physics']])).toBe(marks);
});

test('a new thing and a changed thing count once, their neighbours do not', () => {
  const first = firstMarks([
    ['a', 'Physics, Elena'],
    ['b', 'English'],
  ]);
  const next = nextMarks(first, [
    ['a', 'Physics, Pavel'],
    ['b', 'English'],
    ['c', 'Mathematics'],
  ]);
  expect([count(next, 'a'), count(next, 'b'), count(next, 'c')]).toEqual([1, 0, 1]);
});

test('every further change counts one more, so that each can be shown once', () => {
  const first = firstMarks([['total', '1']]);
  const second = nextMarks(first, [['total', '2']]);
  const third = nextMarks(second, [['total', '3']]);
  expect(count(third, 'total')).toBe(2);
});

test('a thing that goes and comes back counts as new again', () => {
  const first = firstMarks([['a', 'Physics']]);
  const without = nextMarks(first, []);
  expect(without).not.toBe(first);
  expect(count(nextMarks(without, [['a', 'Physics']]), 'a')).toBe(1);
});

test('another order alone is no change', () => {
  const first = firstMarks([
    ['a', 'Physics'],
    ['b', 'English'],
  ]);
  const swapped = nextMarks(first, [
    ['b', 'English'],
    ['a', 'Physics'],
  ]);
  expect(swapped).toBe(first);
});
