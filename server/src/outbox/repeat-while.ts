/**
 * Runs `work` and, every `everyMs` until it ends, `repeat`, one at a time. A repetition under way is waited for, so that
 * it never runs beside what follows; one that rejects must have been reported, and is tried again the next time. Settles
 * as `work` does.
 */
export async function repeatWhile<T>(work: () => Promise<T>, repeat: () => Promise<void>, everyMs: number): Promise<T> {
  let repeating: Promise<void> | undefined;
  const timer = setInterval(() => {
    repeating ??= repeat()
      // Reported by the step that failed; the next time comes.
      .catch(() => {})
      .finally(() => {
        repeating = undefined;
      });
  }, everyMs);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await repeating;
  }
}
