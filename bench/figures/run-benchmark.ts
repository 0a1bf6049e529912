import { constants } from 'node:os';
import { type Closers, createClosers } from '@querycast/platform-server/src/closers.js';
import { BadFlagError } from './bad-flag.js';
import { createProgress, type Progress } from './progress.js';

/** Longest that ending everything may take, in milliseconds; whoever started this waits 5 s after Ctrl-C. */
const CLOSE_MS = 4_500;

/**
 * Runs a benchmark, which resolves to whether all goals were met, and ends what it started, also on Ctrl-C. The exit code
 * says how it went.
 */
export async function runBenchmark(run: (closers: Closers, progress: Progress) => Promise<boolean>): Promise<void> {
  const progress = createProgress();
  const closers = createClosers((part, error) => progress.say(`${part} failed to close: ${String(error)}`), CLOSE_MS);
  let interruptedBy: NodeJS.Signals | undefined;

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interruptedBy) return;
      interruptedBy = signal;
      progress.say('stopping');
      // What is under way fails as its servers go, which is no news.
      void closers.close().then(() => process.exit(128 + constants.signals[signal]));
    });
  }

  try {
    process.exitCode = (await run(closers, progress)) ? 0 : 1;
  } catch (error) {
    process.exitCode = 1;
    if (!interruptedBy) console.error(error instanceof BadFlagError ? error.message : error);
  }
  await closers.close();
}
