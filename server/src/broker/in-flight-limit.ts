/** Runs a task now, or when enough of those before it have ended. Settles as the task does. */
export type InFlightLimit = <T>(task: () => Promise<T>) => Promise<T>;

interface Waiting {
  readonly start: () => void;
  next?: Waiting;
}

/**
 * Creates a limit: at most `limit` tasks run at the same time, the others wait in the order they came. One whose turn
 * comes only after `maxWaitMs` (default: never) rejects instead. `clock` answers milliseconds that never go back.
 */
export function createInFlightLimit(
  limit: number,
  options: { readonly maxWaitMs?: number; readonly clock?: () => number } = {},
): InFlightLimit {
  const { maxWaitMs = Number.POSITIVE_INFINITY, clock = () => performance.now() } = options;
  let running = 0;
  // A list: taking the first of tens of thousands from an array moves all the others.
  let first: Waiting | undefined;
  let last: Waiting | undefined;

  function wait(): Promise<void> {
    return new Promise((start) => {
      const waiting = { start };
      if (last) last.next = waiting;
      else first = waiting;
      last = waiting;
    });
  }

  /** The one that ends hands its place on, so that nobody takes it in between. */
  function handOn(): void {
    if (!first) {
      running -= 1;
      return;
    }
    const { start, next } = first;
    first = next;
    if (!next) last = undefined;
    start();
  }

  return async (task) => {
    const came = clock();
    if (running >= limit) await wait();
    else running += 1;
    try {
      if (clock() - came > maxWaitMs) throw new Error(`no turn within ${maxWaitMs} ms`);
      return await task();
    } finally {
      handOn();
    }
  };
}
