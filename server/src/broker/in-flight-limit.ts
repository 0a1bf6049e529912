/** Runs a task now, or when enough of those before it have ended. Settles as the task does. */
export type InFlightLimit = <T>(task: () => Promise<T>) => Promise<T>;

/** Creates a limit: at most `limit` tasks run at the same time, the others wait in the order they came. */
export function createInFlightLimit(limit: number): InFlightLimit {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (task) => {
    // The one that ends hands its place on, so that nobody takes it in between.
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
