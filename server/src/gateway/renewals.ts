import type { PlainAck, Room } from '@querycast/protocol';
import { type Authenticate, AuthenticationError, type Authorize, type Principal } from '../auth/authenticate.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { createRareLine } from './rare-line.js';
import type { SessionHandle } from './session-host.js';
import type { Timers } from './timers.js';

/** Longest time that checking a new token and its rights may take, in milliseconds: whatever does not answer then hangs. */
const RENEW_WITHIN_MS = 10_000;

/** Nobody said in time whether a token is good. */
class RenewalTimeoutError extends Error {
  readonly code = 'renewal_timeout';

  constructor() {
    super(`a token and its rights were not checked within ${RENEW_WITHIN_MS} ms`);
    this.name = 'RenewalTimeoutError';
  }
}

/** What renewals need. */
export interface RenewalsOptions {
  readonly authenticate: Authenticate;
  readonly roomsOf: (principal: Principal) => Promise<readonly Room[]>;
  readonly authorize: Authorize | undefined;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Checks the new tokens of running sessions. */
export function createRenewals(options: RenewalsOptions) {
  const { authenticate, roomsOf, authorize, timers, logger, metrics } = options;

  const tellFailed = createRareLine({ message: 'renewal failed', counted: 'renewals', timers, logger });
  const hasEnded = ({ expiresAt }: Principal) => expiresAt !== undefined && expiresAt <= timers.wallClock();

  async function ask(principal: Principal, rooms: readonly Room[], rights: Map<Room, boolean>): Promise<void> {
    await Promise.all(
      rooms.map(async (room) => rights.set(room, authorize !== undefined && (await authorize(principal, room)))),
    );
  }

  function fail(session: SessionHandle, error: unknown): void {
    const about = { session: session.id, user: session.principal().id };
    if (error instanceof AuthenticationError) {
      metrics.count('renewals_total', { result: 'refused' });
      logger.warn({ ...about, code: error.code, reason: error.message }, 'renewal refused');
      session.notRenewed('forbidden', error.message);
      return;
    }
    // Says nothing about the token. Whatever was asked in vain is so for every session whose token ends now.
    metrics.count('renewals_total', { result: 'failed' });
    tellFailed({ ...about, err: error });
    session.notRenewed('rate_limited', 'the token could not be checked: try again');
  }

  /** Checks a token for a session, which answers the client. Never rejects for what the ports do. */
  return async function renew(session: SessionHandle, token: string, answer: (ack: PlainAck) => void): Promise<void> {
    let isOver = false;
    let cancelTimeout = () => {};
    const hasBegun = session.beginRenewal(answer, () => {
      isOver = true;
      cancelTimeout();
    });
    if (!hasBegun) return;
    const checkedAt = timers.now();
    cancelTimeout = timers.after(RENEW_WITHIN_MS, () => fail(session, new RenewalTimeoutError()));
    const rights = new Map<Room, boolean>();
    let principal: Principal;
    let own: ReadonlySet<Room>;
    try {
      principal = await authenticate(token);
      if (principal.id !== session.principal().id) {
        throw new AuthenticationError('forbidden', 'the token is not of the principal of this session');
      }
      own = new Set(await roomsOf(principal));
      // Until no room is left to ask for: some may be joined meanwhile, by the rights of the old token.
      for (let rooms = unasked(session, own, rights); rooms.length > 0; rooms = unasked(session, own, rights)) {
        await ask(principal, rooms, rights);
      }
      if (hasEnded(principal)) throw new AuthenticationError('token_expired', 'the token has expired');
    } catch (error) {
      if (!isOver) fail(session, error);
      return;
    }
    // At once: what a room joined in between is allowed would be what the old token allowed.
    const extra = new Set([...rights].filter(([, isAllowed]) => isAllowed).map(([room]) => room));
    if (!isOver) session.renewed({ principal, checkedAt, own, extra });
  };
}

function unasked(session: SessionHandle, own: ReadonlySet<Room>, rights: ReadonlyMap<Room, boolean>): Room[] {
  return session.extraRooms().filter((room) => !own.has(room) && !rights.has(room));
}
