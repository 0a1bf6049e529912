import type { PlainAck } from '@querycast/protocol';
import { type Authenticate, AuthenticationError, type Principal } from '../auth/authenticate.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { RIGHTS_WITHIN_MS, RightsTimeoutError } from './before.js';
import { createRareLine } from './rare-line.js';
import type { RightsHints } from './rights-hints.js';
import type { RightsReader } from './rights-reader.js';
import type { SessionHandle } from './session-host.js';
import type { Timers } from './timers.js';

/** What renewals need. */
export interface RenewalsOptions {
  readonly authenticate: Authenticate;
  readonly reader: RightsReader;
  readonly hints: RightsHints;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Checks the new tokens of running sessions. */
export function createRenewals(options: RenewalsOptions) {
  const { authenticate, reader, hints, timers, logger, metrics } = options;

  const tellFailed = createRareLine({ message: 'renewal failed', counted: 'renewals', timers, logger });
  const hasEnded = ({ expiresAt }: Principal) => expiresAt !== undefined && expiresAt <= timers.wallClock();

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
    const mark = hints.mark();
    cancelTimeout = timers.after(RIGHTS_WITHIN_MS, () => fail(session, new RightsTimeoutError()));
    try {
      const principal = await authenticate(token);
      if (principal.id !== session.principal().id) {
        throw new AuthenticationError('forbidden', 'the token is not of the principal of this session');
      }
      const isHinted = (read: Principal) => hints.since(read, mark);
      await reader.current(session, principal, isHinted, (rights) => {
        // Whether the session may go on with the token that it has is looked at by itself.
        if (typeof rights === 'string') throw new AuthenticationError('forbidden', 'the token counts no longer');
        if (hasEnded(principal)) throw new AuthenticationError('token_expired', 'the token has expired');
        if (!isOver) session.renewed({ ...rights, checkedAt });
      });
    } catch (error) {
      if (!isOver) fail(session, error);
    }
  };
}
