import type { ModelTools } from '../model/redis-server.js';

/** How busy the backend is, changed by faults. */
export interface Load {
  /** Longest time that a computation takes beside its query, in milliseconds; mostly it takes none. */
  slowMs: number;
  /** The share of computations that take any. */
  slowShare: number;
}

/** A backend that has little to do. */
export function usualLoad(): Load {
  return { slowMs: 150, slowShare: 0.3 };
}

/** Makes what a backend spends on a read beside its query: at times longer than an eviction takes. */
export function createComputeDelay({ time, random }: ModelTools, load: Load): () => Promise<void> {
  return async () => {
    if (!random.chance(load.slowShare)) return;
    const ms = random.between(1, random.chance(0.1) ? 1_200 : load.slowMs);
    await new Promise<void>((resolve) => {
      time.after(ms, resolve);
    });
  };
}
