/**
 * When the next frame of a room may leave. The first invalidation leaves at once; what follows within the window is
 * merged and leaves at its end. Under load the window doubles, when the load ends it falls back.
 */
export interface FlushWindow {
  /** Until then, invalidations wait; in milliseconds of the caller's clock. */
  readonly until: number;
  /** Length of the window the next flush opens, in milliseconds. */
  readonly lengthMs: number;
}

/** Short enough not to be felt, long enough for a burst to gather. */
const SHORTEST_MS = 10;

/** Keeps the last frame of a burst within 60 ms of the last invalidation. */
const LONGEST_MS = 40;

/** The window of a room that was quiet. */
export const quietWindow: FlushWindow = { until: Number.NEGATIVE_INFINITY, lengthMs: SHORTEST_MS };

/** Whether a frame may leave now. */
export function mayFlush(window: FlushWindow, now: number): boolean {
  return now >= window.until;
}

/** The window after a flush at `now` that sent `stretches` merged invalidations. */
export function afterFlush(window: FlushWindow, now: number, stretches: number): FlushWindow {
  const wasQuiet = now - window.until > LONGEST_MS;
  const lengthMs = wasQuiet ? SHORTEST_MS : window.lengthMs;
  const busy = wasQuiet || stretches > 1;
  const nextMs = busy ? Math.min(lengthMs * 2, LONGEST_MS) : SHORTEST_MS;
  return { until: now + lengthMs, lengthMs: nextMs };
}
