import type { Principal } from '../auth/authenticate.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { EvictionTarget } from './evictions.js';
import { createLookQueue, type LookCause, type LookResult } from './look-queue.js';
import { createRareLine } from './rare-line.js';
import type { Mark, RightsHints } from './rights-hints.js';
import type { RightsNow, RightsReader } from './rights-reader.js';
import type { Rights, SessionHandle } from './session-host.js';
import { createSweep } from './sweep.js';
import type { Timers } from './timers.js';

/** How often every session is looked at, in milliseconds, whether or not a hint came. */
const SWEEP_MS = 30_000;

/** What rechecks need. */
export interface RechecksOptions {
  readonly reader: RightsReader;
  readonly hints: RightsHints;
  /** The sessions of a user or a log-in. */
  readonly meant: (target: EvictionTarget) => readonly SessionHandle[];
  /** Whether sessions are looked at without a hint as well. */
  readonly isSweeping: boolean;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Looks at the rights of running sessions again. */
export type Rechecks = ReturnType<typeof createRechecks>;

/** Creates it for the sessions of one node. */
export function createRechecks(options: RechecksOptions) {
  const { reader, hints, meant, timers, logger, metrics } = options;
  const opened = new Set<SessionHandle>();
  const queue = createLookQueue<SessionHandle>({ look, timers });
  const tellFailed = createRareLine({ message: 'rights could not be checked', counted: 'sessions', timers, logger });
  const sweep = createSweep<SessionHandle>({
    async visit(session) {
      queue.want([session], 'sweep', false);
    },
    intervalMs: options.isSweeping ? SWEEP_MS : Number.POSITIVE_INFINITY,
    timers,
  });

  async function look(session: SessionHandle, cause: LookCause): Promise<LookResult> {
    const asked = session.principal();
    const mark = hints.mark();
    const count = (result: string) => metrics.count('rights_checks_total', { cause, result });
    try {
      return await reader.look(session, (answer) => {
        if (session.isClosed()) return 'decided';
        // Of the rights of another token nothing follows for this one.
        if (session.principal() !== asked) return 'overtaken';
        if (typeof answer === 'string') {
          count('evicted');
          session.evict(answer);
          return 'decided';
        }
        const isOvertaken = apply(session, answer, mark, count);
        if (answer.failure !== undefined) throw answer.failure;
        return isOvertaken ? 'overtaken' : 'decided';
      });
    } catch (err) {
      if (session.isClosed()) return 'decided';
      count('failed');
      tellFailed({ session: session.id, user: asked.id, cause, err });
      return 'failed';
    }
  }

  function apply(session: SessionHandle, rights: RightsNow, mark: Mark, count: (result: string) => void): boolean {
    const { id } = session.principal();
    // What was lost before the hint was lost; what was granted may not be any more.
    const isOvertaken = hints.since(session.principal(), mark);
    if (!isOvertaken) session.identify(rights.principal);
    const isChanged = session.changeRights(isOvertaken ? lossesOf(session, rights) : rights);
    // For what is being read of this user at the moment: nobody else may have told of the change.
    if (isChanged) hints.raise({ user: id });
    if (rights.failure === undefined) count(isChanged ? 'changed' : 'same');
    return isOvertaken;
  }

  /** Rights of these sessions of this node may have changed; without a target those of all. */
  function recheck(target?: EvictionTarget): void {
    hints.raise(target);
    const sessions = target === undefined ? opened : meant(target).filter((session) => opened.has(session));
    queue.want(sessions, 'hint', target !== undefined);
  }

  return {
    recheck,
    /** The rooms of the session are known: it is looked at from now on. */
    opened(session: SessionHandle): void {
      opened.add(session);
      sweep.add(session);
    },
    closed(session: SessionHandle): void {
      opened.delete(session);
      sweep.forget(session);
      queue.forget(session);
    },
    mark: (): Mark => hints.mark(),
    /** Whether what was read of a session's principal since the mark must not be granted. */
    isOutdated: (session: SessionHandle, read: Principal, mark: Mark): boolean =>
      session.principal() !== read || hints.since(read, mark),
    /** Waits until nothing is known to be outdated about a session; `false` when that could not be found out. */
    settled: (session: SessionHandle): Promise<boolean> => queue.settled(session),
    /** Looks at nobody any more. */
    close(): void {
      sweep.close();
      queue.close();
    },
  };
}

/** What the session has, less what it may not have any more. */
function lossesOf(session: SessionHandle, { own, extra }: Rights): Rights {
  return { own: new Set([...own].filter((room) => session.isOwn(room))), extra: new Set([...own, ...extra]) };
}
