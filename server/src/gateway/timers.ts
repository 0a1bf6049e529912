/** The clock the gateway runs on; injected, so that tests and simulations can turn it. */
export interface Timers {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Wall-clock time in milliseconds since 1970. */
  wallClock(): number;
  /** Calls `run` once after `ms` milliseconds. Returns its cancellation. */
  after(ms: number, run: () => void): () => void;
}

/** Longest delay Node's timers take; a longer one would fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The clock of the process. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  after(ms, run) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number) => {
      const nowMs = Math.min(leftMs, LONGEST_TIMEOUT_MS);
      timer = setTimeout(() => (leftMs > nowMs ? wait(leftMs - nowMs) : run()), nowMs);
    };
    wait(Math.max(ms, 0));
    return () => clearTimeout(timer);
  },
};
