import { MAX_SPREAD_MS } from '@querycast/protocol';
import { expect, test } from 'vitest';
import { spreadOf } from './spread.js';

const settings = { lateSpreadMs: 2_000, roomsPerSecond: 300 };

test.each([
  [1, 300, 0],
  [100, 300, 0],
  [101, 300, 403],
  [3_000, 300, 11_962],
  [101, 1, 202_000],
  [300, 10, 60_000],
  [101, 1_000_000, 1],
])('the refetches of %i rooms at %i a second take %i ms', (rooms, roomsPerSecond, spreadMs) => {
  expect(spreadOf({ rooms, late: false }, { lateSpreadMs: 2_000, roomsPerSecond })).toBe(spreadMs);
});

test('no audience is spread over more than clients accept', () => {
  expect(spreadOf({ rooms: 75_000, late: false }, settings)).toBeLessThan(MAX_SPREAD_MS);
  expect(spreadOf({ rooms: 76_000, late: false }, settings)).toBe(MAX_SPREAD_MS);
});

test.each([
  ['few rooms and late', { rooms: 1, late: true }, 2_000],
  ['many rooms and late', { rooms: 3_000, late: true }, 11_962],
  ['rather many rooms and late', { rooms: 101, late: true }, 2_000],
])('the larger of two reasons to spread counts: %s', (_, envelope, spreadMs) => {
  expect(spreadOf(envelope, settings)).toBe(spreadMs);
});

/** Random numbers that are the same in every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The most of random moments within `spreadMs` that fall into any one second. */
function fullestSecond(rooms: number, spreadMs: number, random: () => number): number {
  const moments = Float64Array.from({ length: rooms }, () => random() * spreadMs).sort();
  let first = 0;
  let most = 0;
  for (const [last, moment] of moments.entries()) {
    while (moment - (moments[first] ?? 0) >= 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

test.each([
  [40, 400],
  [100, 1_000],
  [300, 101],
  [300, 3_000],
  [1_000, 10_000],
  [3_000, 30_000],
])('at %i a second the fullest second of %i rooms is no more than a tenth above it', (roomsPerSecond, rooms) => {
  const spreadMs = spreadOf({ rooms, late: false }, { lateSpreadMs: 0, roomsPerSecond });
  const random = dice(roomsPerSecond + rooms);
  const peaks = Array.from({ length: 300 }, () => fullestSecond(rooms, spreadMs, random));
  expect(peaks.filter((peak) => peak > 1.1 * roomsPerSecond)).toEqual([]);
});
