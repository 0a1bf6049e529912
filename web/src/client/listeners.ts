/** Those who want to hear of something. */
export interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  /** Tells all of them; answers what they threw, so that one failing listener costs the others nothing. */
  tell(value: T): readonly unknown[];
}

/** An empty set of listeners. */
export function createListeners<T>(): Listeners<T> {
  const entries = new Set<{ listener: (value: T) => void }>();
  return {
    add: (listener) => {
      const entry = { listener };
      entries.add(entry);
      return () => {
        entries.delete(entry);
      };
    },
    tell: (value) => {
      const failures: unknown[] = [];
      for (const entry of [...entries]) {
        try {
          entry.listener(value);
        } catch (failure) {
          failures.push(failure);
        }
      }
      return failures;
    },
  };
}
