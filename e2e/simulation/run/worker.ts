/** Runs seeds in a thread of its own: clocks, timers and chance of the thread are replaced. */
import { parentPort, workerData } from 'node:worker_threads';
import { installVirtualGlobals } from '../chance/virtual-globals.js';
import { type RunResult, runSeed } from '../run-seed.js';

/** What a thread is to do. */
export interface WorkerTask {
  readonly from: number;
  readonly count: number;
  /** From one of its seeds to the next. */
  readonly step: number;
  /** Whether to end with the first seed that fails. */
  readonly stopsAtFailure: boolean;
  /** Whether to keep the trace of every seed. */
  readonly isTraced: boolean;
  /** Beginnings of the names of the faults that may happen; default: any. */
  readonly faults?: readonly string[] | undefined;
}

/** One seed's result, and its trace if it was kept. */
export interface WorkerResult extends RunResult {
  readonly trace: readonly string[];
}

const { from, count, step, stopsAtFailure, isTraced, faults } = workerData as WorkerTask;
installVirtualGlobals();
for (let index = 0; index < count; index += 1) {
  const trace: string[] = [];
  const result = await runSeed(from + index * step, {
    faults,
    ...(isTraced && { trace: (line: string) => void trace.push(line) }),
  });
  parentPort?.postMessage({ ...result, trace } satisfies WorkerResult);
  if (stopsAtFailure && result.violations.length > 0) break;
}
