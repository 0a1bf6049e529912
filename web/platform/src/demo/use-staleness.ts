import { useEffect, useLayoutEffect, useState } from 'react';
import { bookStaleness, CLEAN_ACCOUNT, staleTotalMs } from './stale-account.js';
import type { Subjects } from './truth.js';

const TICK_MS = 100;

/** For how many milliseconds `shown` has differed from `truth`, and whether it does now. Unknown sides count as equal. */
export function useStaleness(truth: Subjects | undefined, shown: Subjects | undefined): { ms: number; now: boolean } {
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
