import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Bundle } from '../../simulation/run/bundle.js';
import type { Scene } from '../scenes.js';
import type { ModelResult, ModelTask } from './worker.js';

const MAX_THREADS = 4;

/** Plays all sequences of a scene up to a length, on as many threads as there are processors, four at most. */
export async function runModel(
  bundle: Bundle,
  scene: Scene,
  depth: number,
  threads = Math.min(availableParallelism(), MAX_THREADS),
): Promise<ModelResult> {
  const shares = Array.from({ length: threads }, (_, share) =>
    runTask(bundle, { scene, depth, share, shares: threads }),
  );
  const results = await Promise.all(shares);
  const broken = results.flatMap((result) => result.broken ?? []).sort((a, b) => a.events.length - b.events.length)[0];
  const sequences = results.reduce((sum, result) => sum + result.sequences, 0);
  return { sequences, longest: Math.max(...results.map(({ longest }) => longest)), broken };
}

function runTask(bundle: Bundle, task: ModelTask): Promise<ModelResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(bundle.path, { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
