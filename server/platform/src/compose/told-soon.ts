/** Waits until what has been committed has been told, but never long. */
export interface ToldSoon {
  /** Resolves when everything committed by now has been told, or after a while. Never rejects. */
  wait(): Promise<void>;
}

/** Waits for `settled`, which is asked once at a time however many wait, and for each at most `withinMs`. */
export function createToldSoon(settled: () => Promise<void>, withinMs: number): ToldSoon {
  // Whoever comes while it is being asked may have committed too late for that answer.
  let waiting = new Set<() => void>();
  let isAsking = false;

  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    while (waiting.size > 0) {
      const asked = waiting;
      waiting = new Set();
      await settled();
      for (const resolve of asked) resolve();
    }
    isAsking = false;
  }

  return {
    wait: () =>
      new Promise((resolve) => {
        const mine = waiting;
        const done = () => {
          clearTimeout(timer);
          mine.delete(done);
          resolve();
        };
        const timer = setTimeout(done, withinMs);
        timer.unref();
        mine.add(done);
        void ask();
      }),
  };
}
