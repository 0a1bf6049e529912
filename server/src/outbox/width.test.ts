import { expect, test } from 'vitest';
import type { Unhandled } from './handle.js';
import type { Handled } from './plan.js';
import { partByWidth } from './width.js';

/** What one source of a transaction made stale for the rooms `from` to `to`. */
function handled(transaction: string, from: number, to: number): Handled {
  const rooms = Array.from({ length: to - from + 1 }, (_, index) => `parent:${from + index}` as const);
  return { transaction, rows: [], stale: { evict: [], push: rooms.map((room) => ({ room, keys: [['a']] })) } };
}

test('a transaction that concerns more than 100 rooms is parted from the rest, with all of its sources', () => {
  const [family, everyone, classOf100] = [handled('1', 1, 3), handled('2', 1, 101), handled('3', 1, 100)];
  const [more, silent] = [handled('2', 1, 1), handled('2', 1, 0)];
  const unhandled: Unhandled[] = [{ rows: [], error: 'failed', outage: false }];
  const parts = partByWidth({ handled: [family, everyone, classOf100, more, silent], unhandled });
  expect(parts.narrow).toEqual({ handled: [family, classOf100], unhandled });
  expect(parts.wide).toEqual({ handled: [everyone, more, silent], unhandled: [] });
});

test('the rooms of a transaction count once, whichever of its sources concerns them', () => {
  const together = [handled('1', 1, 60), handled('1', 41, 100)];
  expect(partByWidth({ handled: together, unhandled: [] }).narrow.handled).toEqual(together);
  const apart = [handled('1', 1, 60), handled('1', 42, 101)];
  expect(partByWidth({ handled: apart, unhandled: [] }).wide.handled).toEqual(apart);
});
