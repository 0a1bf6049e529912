import { EVICTED_CODES, type EvictedCode } from '@querycast/protocol';
import { type Authenticate, AuthenticationError, type Principal, type Recheck } from '../auth/authenticate.js';
import { before, RIGHTS_WITHIN_MS } from './before.js';
import type { Timers } from './timers.js';

/** Answers who a principal is now, or why its sessions are over; as it is where nobody can be asked. Rejects at the deadline. */
export type PrincipalNow = (principal: Principal, deadline: number) => Promise<Principal | EvictedCode>;

/** Asks the application. */
export function createPrincipalNow(recheck: Recheck | undefined, timers: Timers): PrincipalNow {
  return async (principal, deadline) => {
    if (!recheck) return principal;
    const now = await before(deadline, timers, () => recheck(principal));
    if (typeof now === 'string') {
      if (EVICTED_CODES.includes(now)) return now;
      throw new TypeError('recheck answered neither a principal nor a code of evictions');
    }
    if (now.id !== principal.id) return 'forbidden';
    return { ...principal, claims: now.claims };
  };
}

/**
 * Answers who brings a token, as the application knows them now: a token that is good as such says nothing of what has
 * ended since it was made. Whoever may not go on is refused for good, like a token that is none: for a client that was told
 * to bring a newer one, the same token would do, again and again.
 */
export function authenticateNow(authenticate: Authenticate, principalNow: PrincipalNow, timers: Timers): Authenticate {
  return async (token) => {
    const now = await principalNow(await authenticate(token), timers.now() + RIGHTS_WITHIN_MS);
    if (typeof now !== 'string') return now;
    throw new AuthenticationError('token_invalid', 'the session of this token is over');
  };
}
