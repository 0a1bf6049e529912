import type { LiveClient } from '../client/live-client.js';
import { isPolled } from '../client/status.js';
import type { Timers } from '../client/timers.js';

/** Options of {@link startPolling}. */
export interface PollingOptions {
  readonly client: Pick<LiveClient, 'status' | 'onStatus'>;
  readonly timers: Timers;
  readonly random: () => number;
  /** Time between two polls, in milliseconds, before jitter; default 30,000. */
  readonly pollEveryMs?: number | undefined;
  readonly poll: () => void;
}

/** Polls as long as the client's status asks for it; answers the stop. */
export function startPolling({ client, timers, random, poll, pollEveryMs = 30_000 }: PollingOptions): () => void {
  let cancel: (() => void) | undefined;

  function next(delayMs: number): void {
    cancel = timers.after(delayMs, () => {
      // Give or take a fifth.
      next(pollEveryMs * (0.8 + 0.4 * random()));
      poll();
    });
  }

  function follow(): void {
    if (isPolled(client.status())) {
      // Clients that lost the same node begin to poll together: the first poll comes at any time of the interval.
      if (!cancel) next(pollEveryMs * random());
    } else {
      cancel?.();
      cancel = undefined;
    }
  }

  const unsubscribe = client.onStatus(follow);
  follow();
  return () => {
    unsubscribe();
    cancel?.();
  };
}
