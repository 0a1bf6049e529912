import type { HandledRows } from './handle.js';
import type { Handled } from './plan.js';

/**
 * Most rooms of one transaction whose refetches any backend takes at once. Below it, at the default pace, clients would
 * wait for less time than one slow read takes; a class, a team or a family is never kept waiting.
 */
const MAX_ROOMS_AT_ONCE = 100;

/** Whether a transaction that concerns so many rooms would be a storm of refetches if they all came at once. */
export function isWide(rooms: number): boolean {
  return rooms > MAX_ROOMS_AT_ONCE;
}

/** How many rooms each transaction concerns; one that is told nothing is not concerned. */
export function roomsByTransaction(handled: readonly Handled[]): ReadonlyMap<string, number> {
  const rooms = new Map<string, Set<string>>();
  for (const { transaction, stale } of handled) {
    const known = rooms.get(transaction) ?? new Set();
    for (const { room, keys } of stale.push) if (keys.length > 0) known.add(room);
    rooms.set(transaction, known);
  }
  return new Map([...rooms].map(([transaction, { size }]) => [transaction, size]));
}

/** Parts the transactions that concern many rooms, which take long to evict and to publish, from all the rest. */
export function partByWidth({ handled, unhandled }: HandledRows): {
  readonly narrow: HandledRows;
  readonly wide: HandledRows;
} {
  const rooms = roomsByTransaction(handled);
  const isOfMany = ({ transaction }: Handled) => isWide(rooms.get(transaction) ?? 0);
  return {
    narrow: { handled: handled.filter((each) => !isOfMany(each)), unhandled },
    wide: { handled: handled.filter(isOfMany), unhandled: [] },
  };
}
