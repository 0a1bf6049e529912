/** How long to wait after failures in a row, doubling from the first to the longest. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** After signals that failed: a mistake in code or data, which rarely mends itself soon. */
export const SIGNAL_BACKOFF: Backoff = { firstMs: 500, longestMs: 60_000 };

/** After a cache or broker that did not answer: outages end, and then everybody waits for this. */
export const OUTAGE_BACKOFF: Backoff = { firstMs: 250, longestMs: 2_000 };

/** The wait after the `failures`-th failure in a row, in milliseconds; `failures` counts from 1. */
export function backoffMs({ firstMs, longestMs }: Backoff, failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
}
