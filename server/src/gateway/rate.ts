import type { Timers } from './timers.js';

/** How often something may happen: `limit` times at once, and as often again in each `perMs` milliseconds. */
export interface Rate {
  readonly limit: number;
  readonly perMs: number;
}

/**
 * One more at `now`, where `busyUntil` is when all that happened before is paid for: the new `busyUntil`, or `undefined`
 * when that is too often. The generic cell rate algorithm (ITU-T I.371): one number is all there is to remember.
 */
export function oneMore({ limit, perMs }: Rate, busyUntil: number, now: number): number | undefined {
  const paidAt = Math.max(busyUntil, now) + perMs / limit;
  // The sum of many fractions is a little more than their product.
  return paidAt - now <= perMs * (1 + 1e-9) ? paidAt : undefined;
}

/** A rate of one thing; answers whether it may happen once more, and counts it if so. */
export function createRate(rate: Rate, timers: Timers): () => boolean {
  let busyUntil = Number.NEGATIVE_INFINITY;
  return () => {
    const next = oneMore(rate, busyUntil, timers.now());
    if (next === undefined) return false;
    busyUntil = next;
    return true;
  };
}

/** Most keys of a {@link createRates} that are remembered: some megabytes. */
const MOST_KEYS = 20_000;

/** The same rate for each of many keys. */
export interface Rates {
  /** Whether it may happen once more to this key; counts it if so. */
  take(key: string): boolean;
  /** How many keys are remembered. */
  size(): number;
}

/**
 * Remembers a key only while that makes a difference, `perMs` at most, and of more than `mostKeys` those that were used last.
 * Forgets as others come, without a timer.
 */
export function createRates(rate: Rate, timers: Timers, mostKeys = MOST_KEYS): Rates {
  /** When each is paid for; in the order of their last use. */
  const busy = new Map<string, number>();

  function forget(now: number): void {
    for (const [key, until] of busy) {
      if (until > now && busy.size < mostKeys) return;
      busy.delete(key);
    }
  }

  return {
    take(key) {
      const now = timers.now();
      forget(now);
      const next = oneMore(rate, busy.get(key) ?? Number.NEGATIVE_INFINITY, now);
      if (next === undefined) return false;
      busy.delete(key);
      busy.set(key, next);
      return true;
    },
    size: () => busy.size,
  };
}
