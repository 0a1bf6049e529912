import type { Random } from '../chance/random.js';
import type { Process, VirtualTime } from '../chance/virtual-time.js';

/** A server that is asked one thing at a time over a connection that needs no care. */
export interface Remote {
  readonly process: Process;
  /** It takes no connection, and what is under way breaks off. */
  isAway: boolean;
  /** Longest time to the server, and the same back, in milliseconds, for the share of questions that it is slow for. */
  slowMs: number;
  slowShare: number;
}

/** Asks a server something: `run` happens there, atomically. Rejects as `away` says when it cannot be reached in time. */
export function ask<T>(
  { time, random }: { readonly time: VirtualTime; readonly random: Random },
  remote: Remote,
  options: { readonly away: () => Error; readonly late: () => Error; readonly timeoutMs: number },
  run: () => T,
): Promise<T> {
  const caller = time.current();
  const delay = () => random.between(0.1, random.chance(remote.slowShare) ? remote.slowMs : 3);
  return new Promise((resolve, reject) => {
    const cancelLate = time.after(options.timeoutMs, () => reject(options.late()), caller);
    const answer = (settle: () => void) =>
      time.after(
        delay(),
        () => {
          cancelLate();
          if (remote.isAway) reject(options.away());
          else settle();
        },
        caller,
      );
    const fail = () => answer(() => reject(options.away()));
    if (remote.isAway) {
      fail();
      return;
    }
    time.after(
      delay(),
      () => {
        if (remote.isAway) {
          fail();
          return;
        }
        try {
          const value = run();
          answer(() => resolve(value));
        } catch (error) {
          answer(() => reject(error));
        }
      },
      remote.process,
    );
  });
}
