import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Bundle } from './bundle.js';
import type { WorkerResult, WorkerTask } from './worker.js';

/** Which seeds to run. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
  /** How many threads share them; default: one for each processor, four at most. */
  readonly threads?: number;
  /** Whether a failure ends the run; default false. */
  readonly stopsAtFailure?: boolean;
  /** Whether to keep the traces; default false. */
  readonly isTraced?: boolean;
  /** Beginnings of the names of the faults that may happen; default: any. */
  readonly faults?: readonly string[] | undefined;
}

const MAX_THREADS = 4;

/** Runs seeds; resolves to their results in the order of the seeds. */
export async function runSeeds(bundle: Bundle, range: SeedRange): Promise<readonly WorkerResult[]> {
  const { from, count, stopsAtFailure = false, isTraced = false, faults } = range;
  const threads = Math.min(range.threads ?? Math.min(availableParallelism(), MAX_THREADS), count);
  const shares = Array.from({ length: threads }, (_, index) =>
    runTask(bundle, {
      from: from + index,
      count: Math.ceil((count - index) / threads),
      step: threads,
      stopsAtFailure,
      isTraced,
      faults,
    }),
  );
  return (await Promise.all(shares)).flat().sort((a, b) => a.seed - b.seed);
}

function runTask(bundle: Bundle, task: WorkerTask): Promise<WorkerResult[]> {
  const results: WorkerResult[] = [];
  return new Promise((resolve, reject) => {
    const worker = new Worker(bundle.path, { workerData: task });
    worker.on('message', (result: WorkerResult) => results.push(result));
    worker.on('error', reject);
    worker.on('exit', () => resolve(results));
  });
}
