/** Time as the client sees it; replaced in tests and simulations. */
export interface Timers {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Calls back once after a delay in milliseconds; answers how to call it off. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The timers of the browser (or of Node). */
export const systemTimers: Timers = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const handle = setTimeout(callback, delayMs);
    return () => clearTimeout(handle);
  },
};
