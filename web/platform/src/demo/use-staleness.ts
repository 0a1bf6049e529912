import { useEffect, useLayoutEffect, useState } from 'react';
import { bookStaleness, CLEAN_ACCOUNT, staleTotalMs } from './stale-account.js';
import type { ShownState } from './truth.js';

const TICK_MS = 100;

/**
 * For how many milliseconds `shown` has differed from `truth`, and whether it does now. Unknown sides count as equal. The
 * truth comes as an answer too: a pane that is faster than it differs for that moment and is booked as stale, alike for
 * both panes.
 */
export function useStaleness(
  truth: ShownState | undefined,
  shown: ShownState | undefined,
): { ms: number; now: boolean } {
  const stale = truth !== undefined && shown !== undefined && truth !== shown;
  const [account, setAccount] = useState(CLEAN_ACCOUNT);
  const [nowMs, setNowMs] = useState(0);

  useLayoutEffect(() => {
    const bookedMs = performance.now();
    setAccount((current) => bookStaleness(current, stale, bookedMs));
    setNowMs(bookedMs);
  }, [stale]);

  useEffect(() => {
    if (!stale) return;
    const timer = setInterval(() => setNowMs(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [stale]);

  return { ms: staleTotalMs(account, nowMs), now: stale };
}
