import type { Timers } from '../../web/src/client/timers.js';

/** A clock that stands still until it is told to go on. */
export interface Clock extends Timers {
  /** When the next callback is due; `undefined` when none is. */
  nextMs(): number | undefined;
  /** Goes on to a moment, milliseconds since 1970, and calls back what is due by then, in order. */
  advanceTo(atMs: number): Promise<void>;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Far from 1970, so that nobody mistakes elapsed time for the time of day. */
const START_MS = 1_750_000_000_000;

/** Lets all promises settle, however long the chain. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A clock; from now on it is also what `Date.now` of this thread tells. */
export function createClock(): Clock {
  const timers = new Set<Timer>();
  let nowMs = START_MS;
  Date.now = () => nowMs;

  function next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) if (!first || timer.atMs < first.atMs) first = timer;
    return first;
  }

  return {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { atMs: nowMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    nextMs: () => next()?.atMs,
    advanceTo: async (atMs) => {
      for (let timer = next(); timer && timer.atMs <= atMs; timer = next()) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.atMs);
        timer.callback();
        await settled();
      }
      nowMs = Math.max(nowMs, atMs);
    },
  };
}
