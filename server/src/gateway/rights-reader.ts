import type { EvictedCode, Room } from '@querycast/protocol';
import type { Authorize, Principal } from '../auth/authenticate.js';
import { before, RIGHTS_WITHIN_MS } from './before.js';
import type { PrincipalNow } from './principal-now.js';
import type { Mark, RightsHints } from './rights-hints.js';
import type { Rights, SessionHandle } from './session-host.js';
import type { Timers } from './timers.js';

/** What reading rights needs. */
export interface RightsReaderOptions {
  readonly principalNow: PrincipalNow;
  readonly roomsOf: (principal: Principal) => Promise<readonly Room[]>;
  readonly authorize: Authorize | undefined;
  readonly hints: RightsHints;
  readonly timers: Timers;
}

/** Who a principal is now, and what it may have. */
export interface RightsNow extends Rights {
  readonly principal: Principal;
  /** Why some of the extra rooms are in it although nobody could say whether they may. */
  readonly failure?: unknown;
}

/**
 * What becomes of an answer. Called in the moment when it is complete: whatever happened a moment later, such as a room
 * that was joined or a hint, it would know nothing of.
 */
type Take<Result> = (answer: RightsNow | EvictedCode) => Result;

/** Reads rights from the ports of the application. */
export type RightsReader = ReturnType<typeof createRightsReader>;

/** Creates it. */
export function createRightsReader(options: RightsReaderOptions) {
  const { principalNow, roomsOf, authorize, hints, timers } = options;

  async function takeRights<Result>(
    session: SessionHandle,
    principal: Principal,
    deadline: number,
    take: Take<Result>,
  ): Promise<Result> {
    const own = new Set(await before(deadline, timers, () => roomsOf(principal)));
    const asked = new Map<Room, boolean>();
    let failure: unknown;
    const ask = async (room: Room) => {
      try {
        asked.set(room, authorize !== undefined && (await before(deadline, timers, () => authorize(principal, room))));
      } catch (error) {
        failure = error;
        asked.set(room, true);
      }
    };
    // Until no room is left to ask for: some may be joined meanwhile.
    const unasked = () => session.extraRooms().filter((room) => !own.has(room) && !asked.has(room));
    for (let rooms = unasked(); rooms.length > 0; rooms = unasked()) await Promise.all(rooms.map(ask));
    const extra = new Set([...asked].filter(([, isAllowed]) => isAllowed).map(([room]) => room));
    return take({ principal, own, extra, ...(failure === undefined ? {} : { failure }) });
  }

  return {
    /** Reads all anew, once. Rejects when a port does or takes more than ten seconds, unless for single extra rooms. */
    async look<Result>(session: SessionHandle, take: Take<Result>): Promise<Result> {
      const deadline = timers.now() + RIGHTS_WITHIN_MS;
      const principal = await principalNow(session.principal(), deadline);
      return typeof principal === 'string' ? take(principal) : takeRights(session, principal, deadline, take);
    },
    /**
     * The rights of a principal that was just read, read until no hint came in between; `isHinted`: whether one came since
     * the principal was being read. Rejects when a port does or takes more than ten seconds.
     */
    async current(
      session: SessionHandle,
      read: Principal,
      isHinted: (principal: Principal) => boolean,
      take: Take<void>,
    ): Promise<void> {
      const deadline = timers.now() + RIGHTS_WITHIN_MS;
      let principal = read;
      let isOutdated = isHinted;
      const takeCurrent = (answer: RightsNow | EvictedCode) => {
        if (typeof answer !== 'string') {
          if (answer.failure !== undefined) throw answer.failure;
          if (isOutdated(principal)) return false;
        }
        take(answer);
        return true;
      };
      let isTaken = false;
      while (!isTaken) {
        const mark: Mark = hints.mark();
        if (isOutdated(principal)) {
          const now = await principalNow(principal, deadline);
          if (typeof now === 'string') return take(now);
          principal = now;
          isOutdated = (whose) => hints.since(whose, mark);
        }
        isTaken = await takeRights(session, principal, deadline, takeCurrent);
      }
    },
  };
}
