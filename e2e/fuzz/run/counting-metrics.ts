import type { Metrics } from '../../../server/src/observability/metrics.js';

/** For a door that says nothing at all about an input, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Metrics that a test can wait for. */
export function countingMetrics() {
  const counts = new Map<string, number>();
  let waiting: { readonly names: readonly string[]; readonly resolve: (outcome: string) => void } | undefined;
  const metrics: Metrics = {
    count(name, labels = {}) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (!waiting?.names.includes(name)) return;
      const { resolve } = waiting;
      waiting = undefined;
      resolve([name, labels['door'], labels['code']].filter((part) => part !== undefined).join(' '));
    },
    gauge() {},
    observe() {},
  };
  return {
    metrics,
    countOf: (name: string) => counts.get(name) ?? 0,
    /** Resolves with the next count of one of these: its name, door and code. */
    next(...names: string[]): Promise<string> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`none of ${names} was counted`)), PATIENCE_MS);
        waiting = {
          names,
          resolve(outcome) {
            clearTimeout(timer);
            resolve(outcome);
          },
        };
      });
    },
  };
}
