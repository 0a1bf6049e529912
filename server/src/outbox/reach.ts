import { backoffMs, OUTAGE_BACKOFF } from './backoff.js';
import type { ClaimScope } from './claim.js';
import type { PassOptions, PassResult } from './pass.js';

/** What a relay knows about whether cache and broker can be reached, and so which rows are worth a pass. */
export interface Reach {
  /** The broker says whether it is reachable. */
  brokerIs(live: boolean): void;
  /** Begins a pass. */
  begin(): Attempt;
}

/** What is to be tried in one pass. */
export interface Attempt {
  readonly scope: ClaimScope;
  readonly options: Omit<PassOptions, 'claimedAt'>;
  /** Takes notice of what came of it. */
  end(result: Pick<PassResult, 'outage' | 'unanswered'>): void;
}

/**
 * Creates it, with everything within reach. While the broker is away, only what a commit has made stale in the cache is
 * worth a pass, once. After a pass that met an outage, rows that were held up wait for the backoff, which doubles; new
 * ones do not. `elapsed` tells milliseconds from any origin.
 */
export function createReach(elapsed: () => number): Reach {
  let brokerAway = false;
  let outages = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    brokerIs(live) {
      brokerAway = !live;
      if (!live) return;
      outages = 0;
      pausedUntil = Number.NEGATIVE_INFINITY;
    },
    begin() {
      const isPaused = elapsed() < pausedUntil;
      const delayMs = backoffMs(OUTAGE_BACKOFF, outages + 1);
      return {
        scope: isPaused ? 'fresh' : brokerAway ? 'unevicted' : 'all',
        options: { delayMs, brokerAway },
        end({ outage, unanswered }) {
          // New rows in a pause neither end nor extend it: where only a part of the broker is away, both would be wrong.
          if (isPaused) return;
          outages = outage ? outages + 1 : 0;
          if (unanswered) pausedUntil = elapsed() + delayMs;
        },
      };
    },
  };
}
