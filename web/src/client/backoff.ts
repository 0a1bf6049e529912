/** Delay of the first try, in milliseconds, before jitter. */
const FIRST_DELAY_MS = 1_000;

/** Longest delay, in milliseconds: long enough for a gateway in trouble, short enough for the person waiting. */
const LONGEST_DELAY_MS = 30_000;

/**
 * Milliseconds before another try after `failures` failed ones: full jitter, so that clients that fail together do not
 * come back together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function backoffMs(failures: number, random: number): number {
  return random * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
}
