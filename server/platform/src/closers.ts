/** Remembers how to end what was started. */
export interface Closers {
  /** Adds a step. */
  add(name: string, close: () => unknown): void;
  /**
   * Ends everything, last started first. A step that fails or hangs is reported and the others still run: a lock must
   * be released even when a socket refuses to close. Idempotent.
   */
  close(): Promise<void>;
}

/** How long all steps may take together, in milliseconds, unless told otherwise. */
const DEFAULT_CLOSE_MS = 4_000;

/** What a step gets when those before it have used up the time, in milliseconds: enough for everything but waiting. */
const LEAST_STEP_MS = 100;

/** A step did not end in time; it was left behind, and may still be under way. */
export class CloseTimeoutError extends Error {
  readonly code = 'close_timeout';

  constructor(withinMs: number) {
    super(`closing did not end within ${Math.round(withinMs)} ms: whatever it waits for is left behind`);
    this.name = 'CloseTimeoutError';
  }
}

/** Creates an empty list of steps, which end within about `closeMs` together (default 4,000). */
export function createClosers(failed: (name: string, error: unknown) => void, closeMs = DEFAULT_CLOSE_MS): Closers {
  const steps: { name: string; close: () => unknown }[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    const deadline = performance.now() + closeMs;
    for (const { name, close } of steps.reverse()) {
      try {
        await within(Math.max(LEAST_STEP_MS, deadline - performance.now()), close);
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

async function within(ms: number, close: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CloseTimeoutError(ms)), ms);
  });
  try {
    await Promise.race([close(), late]);
  } finally {
    clearTimeout(timer);
  }
}
