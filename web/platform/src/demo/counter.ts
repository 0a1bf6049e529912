/** A number that only grows, for whoever shows it. */
export interface Counter {
  add(): void;
  count(): number;
  /** Calls back after each step; answers the unsubscribe. */
  subscribe(listener: () => void): () => void;
}

/** A counter at zero. */
export function createCounter(): Counter {
  const listeners = new Set<() => void>();
  let count = 0;
  return {
    add() {
      count += 1;
      for (const listener of listeners) listener();
    },
    count: () => count,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
