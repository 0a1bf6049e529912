import { MAX_SPREAD_MS } from '@querycast/protocol';
import { expect, test } from 'vitest';
import { spreadOf } from './spread.js';

const settings = { lateSpreadMs: 2_000, roomsPerSecond: 300 };

test.each([
  [1, 300, 0],
  [100, 300, 0],
  [101, 300, 337],
  [3_000, 300, 10_000],
  [3_001, 300, 10_004],
  [101, 1, 101_000],
  [101, 1_000_000, 1],
])('the refetches of %i rooms at %i a second take %i ms', (rooms, roomsPerSecond, spreadMs) => {
  expect(spreadOf({ rooms, late: false }, { lateSpreadMs: 2_000, roomsPerSecond })).toBe(spreadMs);
});

test('no audience is spread over more than clients accept', () => {
  expect(spreadOf({ rooms: 90_000, late: false }, settings)).toBe(300_000);
  expect(spreadOf({ rooms: 90_001, late: false }, settings)).toBe(MAX_SPREAD_MS);
});

test.each([
  ['few rooms and late', { rooms: 1, late: true }, 2_000],
  ['many rooms and late', { rooms: 3_000, late: true }, 10_000],
  ['rather many rooms and late', { rooms: 101, late: true }, 2_000],
])('the larger of two reasons to spread counts: %s', (_, envelope, spreadMs) => {
  expect(spreadOf(envelope, settings)).toBe(spreadMs);
});
