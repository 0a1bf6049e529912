/** Time as the client sees it; replaced in tests and simulations. */
export interface Timers {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Calls back once after a delay in milliseconds, soon when that is negative; answers how to call it off. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The longest delay that browsers and Node keep; a longer one would be over at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The timers of the browser (or of Node). */
export const systemTimers: Timers = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const handle = setTimeout(callback, Math.min(delayMs, LONGEST_DELAY_MS));
    return () => clearTimeout(handle);
  },
};

/** Settles as `promise` does, but rejects when that takes longer than `ms` milliseconds. */
export function within<T>(timers: Timers, ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // In two halves: a page that was busy, or asleep, all the time still gets to read an answer that is there.
    let cancel = timers.after(ms / 2, () => {
      cancel = timers.after(ms / 2, () => reject(new Error('timed out')));
    });
    promise.finally(() => cancel()).then(resolve, reject);
  });
}
