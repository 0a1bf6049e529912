/** What is told of many durations, in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The percentiles of durations in any order, each one of them (nearest rank). Throws a `RangeError` when there are none. */
export function percentilesOf(durations: readonly number[]): Percentiles {
  const sorted = [...durations].sort((a, b) => a - b);
  const rank = (share: number) => valueAt(sorted, Math.max(0, Math.ceil(sorted.length * share) - 1));
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}

/** The median of each percentile over several rounds. Throws a `RangeError` when there are none. */
export function medianOfRounds(rounds: readonly Percentiles[]): Percentiles {
  const median = (of: keyof Percentiles) => medianOf(rounds.map((round) => round[of]));
  return { p50: median('p50'), p95: median('p95'), p99: median('p99'), max: median('max') };
}

/** The lower one of two medians. Throws a `RangeError` when there are no values. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return valueAt(sorted, Math.ceil(sorted.length / 2) - 1);
}

function valueAt(sorted: readonly number[], index: number): number {
  const value = sorted[index];
  if (value === undefined) throw new RangeError('there is nothing to take a percentile of');
  return value;
}
