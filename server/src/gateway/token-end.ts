import type { Principal } from '../auth/authenticate.js';
import type { Timers } from './timers.js';

/** How long before the end of a token its client is told, in milliseconds; of one that has less than twice that: half of it. */
const LONGEST_NOTICE_MS = 60_000;

/** How long a token is good for, in whole milliseconds; `Infinity` for one without an end. */
export function leftOf({ expiresAt }: Principal, timers: Timers): number {
  return expiresAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor(expiresAt - timers.wallClock()));
}

/**
 * Tells when a token is about to end, and when it has. Returns the cancellation of both. One that ends with the token
 * `before` it is most likely the same, and asking once more would bring it again: of that only the end is told.
 */
export function awaitTokenEnd(
  principal: Principal,
  timers: Timers,
  tell: (event: 'expiring' | 'expired') => void,
  before?: Principal,
): () => void {
  const leftMs = leftOf(principal, timers);
  if (leftMs === Number.POSITIVE_INFINITY) return () => {};
  const noticeMs = Math.min(LONGEST_NOTICE_MS, leftMs / 2);
  const cancels = [timers.after(leftMs, () => tell('expired'))];
  if (principal.expiresAt !== before?.expiresAt) cancels.push(timers.after(leftMs - noticeMs, () => tell('expiring')));
  return () => {
    for (const cancel of cancels) cancel();
  };
}
