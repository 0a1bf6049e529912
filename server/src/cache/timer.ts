/** Time as the cache sees it. */
export interface CacheTimer {
  /** Milliseconds since any moment; they never go back. */
  now(): number;
  /** Calls `done` once after `ms` milliseconds. Returns its cancellation. */
  start(ms: number, done: () => void): () => void;
}

/** The time of this process. */
export const systemTimer: CacheTimer = {
  now: () => performance.now(),
  start(ms, done) {
    const timeout = setTimeout(done, ms);
    return () => clearTimeout(timeout);
  },
};

/** What {@link within} answers when the time was up first. */
export const OVERDUE: unique symbol = Symbol('overdue');

/** Waits for a promise at most `ms` milliseconds, and leaves it alone afterwards. */
export async function within<T>(timer: CacheTimer, ms: number, promise: Promise<T>): Promise<T | typeof OVERDUE> {
  let cancel = () => {};
  const overdue = new Promise<typeof OVERDUE>((resolve) => {
    cancel = timer.start(ms, () => resolve(OVERDUE));
  });
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    cancel();
  }
}

/** Resolves after `ms` milliseconds. */
export function pause(timer: CacheTimer, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timer.start(ms, resolve);
  });
}
