/** Whose a piece of work is, and how many places may be theirs: those that run and those that wait together. */
export interface Share {
  readonly of: string;
  readonly places: number;
}

/** Work that waits for its turn. */
export interface Turns {
  /** Runs `work` when it is its turn and answers what it does. Rejects at once when its share, or all, is taken. */
  take<Result>(work: () => Promise<Result>, share?: Share): Promise<Result>;
}

/**
 * Lets `atOnce` pieces of work run at once and `maxWaiting` wait, in the order in which they came. `full` makes the error
 * for what is refused; its argument says whether that is for its share alone.
 */
export function createTurns(atOnce: number, maxWaiting: number, full: (isShare: boolean) => Error): Turns {
  const waiting: (() => void)[] = [];
  const taken = new Map<string, number>();
  let running = 0;

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running < atOnce) running += 1;
    else if (waiting.length >= maxWaiting) throw full(false);
    // Whoever ends hands its turn on: nobody who comes meanwhile can take it.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    async take(work, share) {
      if (!share) return inTurn(work);
      const { of, places } = share;
      const before = taken.get(of) ?? 0;
      if (before >= places) throw full(true);
      taken.set(of, before + 1);
      try {
        return await inTurn(work);
      } finally {
        const left = (taken.get(of) ?? 1) - 1;
        if (left > 0) taken.set(of, left);
        else taken.delete(of);
      }
    },
  };
}
