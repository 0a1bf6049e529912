import { backoffMs } from './backoff.js';
import type { Timers } from './timers.js';

/** Time and chance. */
export interface Pace {
  readonly timers: Timers;
  readonly random: () => number;
}

/**
 * Asks until an answer settles it, with backoff; answers how to call it off. `ask` is told how to find out whether that
 * happened meanwhile; a rejection counts as no answer.
 */
export function persist(
  { timers, random }: Pace,
  ask: (isOff: () => boolean) => Promise<unknown>,
  isSettled: (answer: unknown) => boolean,
): () => void {
  let isOver = false;
  let cancel = () => {};

  function attempt(failures: number): void {
    const retry = () => {
      if (!isOver) cancel = timers.after(backoffMs(failures, random()), () => attempt(failures + 1));
    };
    ask(() => isOver).then((answer) => {
      if (!isOver && !isSettled(answer)) retry();
    }, retry);
  }

  attempt(0);
  return () => {
    isOver = true;
    cancel();
  };
}
