/** Work that waits for its turn. */
export interface Turns {
  /** Runs `work` when it is its turn and answers what it does. Rejects at once when too much waits already. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Lets `atOnce` pieces of work run at once and `maxWaiting` wait, in the order in which they came. */
export function createTurns(atOnce: number, maxWaiting: number, full: () => Error): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async take(work) {
      if (running < atOnce) running += 1;
      else if (waiting.length >= maxWaiting) throw full();
      // Whoever ends hands its turn on: nobody who comes meanwhile can take it.
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
