import type { Timers } from './timers.js';

/** Most looks at a time: those at all sessions of a node must not take all connections of a database. */
const MAX_LOOKS = 20;

/** First wait before a look that failed is taken again, in milliseconds; doubles. */
const FIRST_RETRY_MS = 500;

const LONGEST_RETRY_MS = 30_000;

/** Why a look is taken: one for a hint is taken again until it is decided, one of a sweep by the next sweep. */
export type LookCause = 'hint' | 'sweep';

/** How a look ended; `overtaken`: it has to be taken again at once. */
export type LookResult = 'decided' | 'overtaken' | 'failed';

interface Due {
  cause: LookCause;
  phase: 'waiting' | 'running' | 'resting';
  /** Asked for while it runs, which may know nothing of what it is asked for. */
  isAgain: boolean;
  failures: number;
  cancelRetry: () => void;
  readonly waiters: ((isDecided: boolean) => void)[];
}

/**
 * Takes looks at things of any kind, few at a time, and of each thing one running and one waiting at most; `look` never
 * rejects.
 */
export function createLookQueue<Thing>(options: {
  readonly look: (thing: Thing, cause: LookCause) => Promise<LookResult>;
  readonly timers: Timers;
}) {
  const { look, timers } = options;
  const all = new Map<Thing, Due>();
  /** Those that are hinted at do not wait for those that may be. */
  const waiting = { first: new Set<Thing>(), later: new Set<Thing>() };
  let running = 0;

  function next(): Thing | undefined {
    for (const line of [waiting.first, waiting.later]) {
      for (const thing of line) {
        line.delete(thing);
        return thing;
      }
    }
    return undefined;
  }

  function takeSome(): void {
    while (running < MAX_LOOKS) {
      const thing = next();
      const due = thing === undefined ? undefined : all.get(thing);
      if (thing === undefined || !due) return;
      due.phase = 'running';
      due.isAgain = false;
      running += 1;
      void look(thing, due.cause).then((result) => {
        running -= 1;
        if (all.get(thing) === due) ended(thing, due, result);
        takeSome();
      });
    }
  }

  function wait(thing: Thing, due: Due, line: 'first' | 'later'): void {
    due.cancelRetry();
    due.phase = 'waiting';
    waiting[line === 'first' || waiting.first.has(thing) ? 'first' : 'later'].add(thing);
    if (line === 'first') waiting.later.delete(thing);
  }

  function ended(thing: Thing, due: Due, result: LookResult): void {
    if (result === 'failed') tell(due, false);
    if (due.isAgain || result === 'overtaken') {
      wait(thing, due, 'first');
    } else if (result === 'failed' && due.cause === 'hint') {
      due.phase = 'resting';
      const restMs = Math.min(FIRST_RETRY_MS * 2 ** due.failures, LONGEST_RETRY_MS);
      due.failures += 1;
      due.cancelRetry = timers.after(restMs, () => {
        wait(thing, due, 'later');
        takeSome();
      });
    } else {
      all.delete(thing);
      tell(due, true);
    }
  }

  function tell(due: Due, isDecided: boolean): void {
    for (const waiter of due.waiters.splice(0)) waiter(isDecided);
  }

  function forget(thing: Thing): void {
    const due = all.get(thing);
    if (!due) return;
    all.delete(thing);
    waiting.first.delete(thing);
    waiting.later.delete(thing);
    due.cancelRetry();
    tell(due, true);
  }

  return {
    /** `isUrgent`: before those that are not. */
    want(things: Iterable<Thing>, cause: LookCause, isUrgent: boolean): void {
      const line = isUrgent ? 'first' : 'later';
      for (const thing of things) {
        const known = all.get(thing);
        if (known && cause === 'sweep') continue;
        const due: Due = known ?? {
          cause,
          phase: 'waiting',
          isAgain: false,
          failures: 0,
          cancelRetry() {},
          waiters: [],
        };
        all.set(thing, due);
        due.cause = cause;
        if (due.phase === 'running') due.isAgain = true;
        else wait(thing, due, line);
      }
      takeSome();
    },
    /** Waits until no look is running, and none that a hint asked for is undecided; `false` when one failed instead, or has, and is taken again later. */
    async settled(thing: Thing): Promise<boolean> {
      const due = all.get(thing);
      if (!due || (due.cause === 'sweep' && due.phase !== 'running')) return true;
      if (due.phase === 'resting') return false;
      return new Promise((resolve) => due.waiters.push(resolve));
    },
    /** The thing is gone: what runs counts for nothing. */
    forget,
    /** Looks at nothing any more. */
    close(): void {
      for (const thing of [...all.keys()]) forget(thing);
    },
  };
}
