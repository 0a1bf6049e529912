import { expect, test } from 'vitest';
import { assignedThen, isTicked, withTick } from './assignment-changes.js';

const ANNA = 3;
const MISHA = 4;
const LEV = 5;

test('what another tab has assigned meanwhile is kept, and what was unticked here goes', () => {
  const changes = withTick(withTick({}, new Set([ANNA]), MISHA, true), new Set([ANNA]), ANNA, false);
  expect(assignedThen(changes, new Set([ANNA, LEV]), [ANNA, MISHA, LEV]).sort()).toEqual([MISHA, LEV]);
});

test('who is not a student any more keeps what they have until unticked', () => {
  expect(assignedThen({}, new Set([LEV]), [ANNA])).toEqual([LEV]);
  expect(assignedThen({ [LEV]: false }, new Set([LEV]), [ANNA])).toEqual([]);
});

test('who is not a student any more cannot get what they never had', () => {
  expect(assignedThen({ [MISHA]: true }, new Set(), [ANNA])).toEqual([]);
});

test('a tick and its contrary are no change', () => {
  const ticked = withTick({}, new Set(), ANNA, true);
  expect(isTicked(ticked, new Set(), ANNA)).toBe(true);
  expect(withTick(ticked, new Set(), ANNA, false)).toEqual({});
});
