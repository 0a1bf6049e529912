import type { Metrics } from '../observability/metrics.js';
import { noMetrics } from '../observability/metrics.js';
import type { Cache } from './cache.js';

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

export function deferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: (value) => settle?.resolve(value), reject: (error) => settle?.reject(error) };
}

export function counted(): { metrics: Metrics; counts: Map<string, number> } {
  const counts = new Map<string, number>();
  const metrics: Metrics = {
    ...noMetrics,
    count(name, labels = {}) {
      const series = [name, ...Object.values(labels)].join(' ');
      counts.set(series, (counts.get(series) ?? 0) + 1);
    },
  };
  return { metrics, counts };
}

export function read<T>(cache: Cache, compute: () => T | Promise<T>, suffix = 'page'): Promise<T> {
  return cache.getOrCompute({ owner: 'orders:7', key: `orders:7:${suffix}`, ttlMs: 1_000, compute });
}

/** Lets everything go on that waits for nothing but promises. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
