/** Remembers how to end what was started. */
export interface Closers {
  /** Adds a step. */
  add(name: string, close: () => unknown): void;
  /**
   * Ends everything, last started first. A step that fails is reported and the others still run: a lock must be
   * released even when a socket refuses to close. Idempotent.
   */
  close(): Promise<void>;
}

/** Creates an empty list of steps. */
export function createClosers(failed: (name: string, error: unknown) => void): Closers {
  const steps: { name: string; close: () => unknown }[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (const { name, close } of steps.reverse()) {
      try {
        await close();
      } catch (error) {
        failed(name, error);
      }
    }
  }

  return {
    add: (name, close) => steps.push({ name, close }),
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
