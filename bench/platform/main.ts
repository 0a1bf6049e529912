/** `npm run bench:platform`: the whole platform with many people in it. What is measured: `bench/README.md`. */
import { constants } from 'node:os';
import { createClosers } from '@querycast/platform-server/src/closers.js';
import { createProgress } from '../figures/progress.js';
import { BadFlagError, readOptions } from './options.js';
import { runScenarios } from './run-scenarios.js';

/** Longest that ending everything may take, in milliseconds; whoever started this waits 5 s after Ctrl-C. */
const CLOSE_MS = 4_500;

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
  const passed = await runScenarios(readOptions(process.argv.slice(2)), closers, progress);
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  if (!interruptedBy) console.error(error instanceof BadFlagError ? error.message : error);
}
await closers.close();
