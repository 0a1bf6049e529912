/** Jobs with names, of which a few run at a time and a limited number wait. */
export interface KeyedQueue {
  /**
   * Runs a job now or when its turn comes; what it rejects with is its own matter. Answers whether there was a place for
   * it: none in a full queue or a closed one, while a job of that name that waits already stands for it.
   */
  add(name: string, job: () => Promise<void>): boolean;
  /** Drops what waits, and resolves when what runs has ended. Idempotent. */
  close(): Promise<void>;
}

/** Creates an empty queue. */
export function createKeyedQueue(options: { readonly concurrency: number; readonly maxWaiting: number }): KeyedQueue {
  const { concurrency, maxWaiting } = options;
  const running = new Set<Promise<void>>();
  const waiting = new Map<string, () => Promise<void>>();
  let closed = false;

  function run(job: () => Promise<void>): void {
    const ended = job()
      // Jobs count and log what fails themselves; the next one has its turn whatever became of this one.
      .catch(() => {})
      .finally(() => {
        running.delete(ended);
        const [next] = waiting;
        if (!next) return;
        waiting.delete(next[0]);
        run(next[1]);
      });
    running.add(ended);
  }

  return {
    add(name, job) {
      if (closed) return false;
      if (waiting.has(name)) return true;
      if (running.size < concurrency) run(job);
      else if (waiting.size < maxWaiting) waiting.set(name, job);
      else return false;
      return true;
    },
    async close() {
      closed = true;
      waiting.clear();
      await Promise.all(running);
    },
  };
}
