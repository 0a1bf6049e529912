import type { Timers } from '../../web/src/client/timers.js';
import { createHeap, type Heap, type Timed } from '../simulation/chance/heap.js';

/** A clock that stands still until it is told to go on. */
export interface Clock extends Timers {
  /** When the next callback is due that is not repeated for ever; `undefined` when none is. */
  nextMs(): number | undefined;
  /** Goes on to a moment, milliseconds since 1970, and calls back what is due by then, in order. */
  advanceTo(atMs: number): Promise<void>;
}

interface Timer extends Timed {
  readonly delayMs: number;
  /** Begun again and again, as to look whether the page slept: nobody waits for it, and nothing follows from it. */
  readonly isRepeated: boolean;
  callback: (() => void) | undefined;
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
  const heap = createHeap<Timer>();
  const repeated = createHeap<Timer>();
  let present: Timer | undefined;
  let nowMs = START_MS;
  let order = 0;
  Date.now = () => nowMs;

  function first(timers: Heap<Timer>): Timer | undefined {
    while (timers.peek() && !timers.peek()?.callback) timers.pop();
    return timers.peek();
  }

  function call(timer: Timer): void {
    const { callback } = timer;
    timer.callback = undefined;
    nowMs = Math.max(nowMs, timer.at);
    present = timer;
    callback?.();
    present = undefined;
  }

  function callRepeated(untilMs: number): void {
    for (let timer = first(repeated); timer && timer.at < untilMs; timer = first(repeated)) call(timer);
  }

  return {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      order += 1;
      const isRepeated = present?.delayMs === delayMs;
      const timer: Timer = { at: nowMs + Math.max(0, delayMs), order, delayMs, isRepeated, callback };
      (isRepeated ? repeated : heap).push(timer);
      return () => {
        timer.callback = undefined;
      };
    },
    nextMs: () => first(heap)?.at,
    advanceTo: async (atMs) => {
      for (let timer = first(heap); timer && timer.at <= atMs; timer = first(heap)) {
        callRepeated(timer.at);
        call(timer);
        await settled();
      }
      callRepeated(atMs);
      nowMs = Math.max(nowMs, atMs);
    },
  };
}
