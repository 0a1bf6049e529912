import { describe, expect, it } from 'vitest';
import { addDebt, type Debts, type Evidence, isAfter, lacks, lacksAny, paidBy, withPaid } from './evidence.js';

const room = 'parent:1';
const other = 'class:7';
const debt = { position: 'e:5', since: 10 } as const;

describe('data pays a debt', () => {
  const cases: [string, Evidence, boolean][] = [
    ['with the same position', { since: 0, positions: { [room]: 'e:5' } }, true],
    ['with a farther position, though it was fetched earlier', { since: 1, positions: { [room]: 'e:6' } }, true],
    ['not with a lower position, though it was fetched later', { since: 20, positions: { [room]: 'e:4' } }, false],
    ['not with a position of another epoch', { since: 20, positions: { [room]: 'f:900' } }, false],
    ['without a position, when fetched later', { since: 11 }, true],
    ['not without a position, when fetched earlier', { since: 9 }, false],
    ['by time, when the header lacks the room', { since: 11, positions: { [other]: 'e:1' } }, true],
    ['not by the position of another room', { since: 9, positions: { [other]: 'e:9' } }, false],
  ];
  it.each(cases)('%s', (_name, evidence, pays) => {
    expect(lacks(evidence, room, debt)).toBe(!pays);
  });
});

describe('two debts of one room', () => {
  const merged = (first: Debts, position: `${string}:${number}`) => addDebt(first, room, { position, since: 20 });
  const first = addDebt(new Map(), room, debt);

  it('are paid by the farther position', () => {
    expect(merged(first, 'e:7').get(room)).toEqual({ position: 'e:7', since: 20 });
  });
  it('keep the farther position when a nearer one follows, but count as learned last', () => {
    expect(merged(first, 'e:3').get(room)).toEqual({ position: 'e:5', since: 20 });
  });
  it('of two epochs are paid by the one learned last', () => {
    expect(merged(first, 'f:1').get(room)).toEqual({ position: 'f:1', since: 20, former: 'e:5' });
  });
});

it('debts of several rooms are paid when all of them are', () => {
  const debts = addDebt(addDebt(new Map(), room, debt), other, { position: 'c:1', since: 12 });
  expect(lacksAny({ since: 11 }, debts)).toBe(true);
  expect(lacksAny({ since: 11, positions: { [other]: 'c:1' } }, debts)).toBe(false);
  expect(isAfter({ since: 11 }, debts)).toBe(false);
  expect(isAfter({ since: 13 }, debts)).toBe(true);
});

describe('a debt that was paid once', () => {
  const paid = paidBy({ since: 11, positions: { [room]: 'e:6' } }, addDebt(new Map(), room, debt));

  it('is owed again when a later answer is older', () => {
    expect(lacksAny({ since: 12, positions: { [room]: 'e:4' } }, paid)).toBe(true);
    expect(lacksAny({ since: 12, positions: { [room]: 'e:5' } }, paid)).toBe(false);
  });

  it('is none in another sequence: the room may be one of which nothing is heard any more', () => {
    expect(lacksAny({ since: 12, positions: { [room]: 'f:1' } }, paid)).toBe(false);
    expect(lacksAny({ since: 12, positions: { [room]: 'f:1' } }, addDebt(paid, room, debt))).toBe(true);
  });

  it('is owed again to an answer of the sequence before, as a cache of HTTP may have it', () => {
    const begunAnew = addDebt(paid, room, { position: 'f:1', since: 12 });
    const paidAnew = paidBy({ since: 13, positions: { [room]: 'f:1' } }, begunAnew);
    expect(lacksAny({ since: 14, positions: { [room]: 'e:9' } }, paidAnew)).toBe(true);
    expect(lacksAny({ since: 14, positions: { [room]: 'g:1' } }, paidAnew)).toBe(false);
  });

  it('is what data includes, though nobody announced it, and never less than what was', () => {
    const known = withPaid(addDebt(new Map(), other, debt), { since: 3, positions: { [room]: 'e:6', [other]: 'e:4' } });
    expect(lacksAny({ since: 20, positions: { [room]: 'e:5' } }, known)).toBe(true);
    expect(lacksAny({ since: 20, positions: { [room]: 'f:5' } }, known)).toBe(false);
    expect(known.get(other)).toEqual(debt);
  });

  it('is not paid by what lacks it', () => {
    const unpaid = paidBy({ since: 11, positions: { [room]: 'e:4' } }, addDebt(new Map(), room, debt));
    expect(lacksAny({ since: 12, positions: { [room]: 'f:1' } }, unpaid)).toBe(true);
  });
});
