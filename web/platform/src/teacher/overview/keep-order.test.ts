import { expect, test } from 'vitest';
import { keepOrder } from './keep-order.js';

const rows = (...ids: number[]) => ids.map((id) => ({ id }));

test('a list keeps its order when the items come sorted otherwise, and new ones come last', () => {
  expect(keepOrder(rows(9, 2, 1, 3), [1, 2, 3])).toEqual(rows(1, 2, 3, 9));
});

test('what has gone leaves no gap, and what is new comes as it is sorted', () => {
  expect(keepOrder(rows(8, 7, 3), [1, 3])).toEqual(rows(3, 8, 7));
});
