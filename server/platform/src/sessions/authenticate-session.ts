import type { Profile } from '@querycast/platform-protocol';
import { type Authenticate, AuthenticationError, jwtAuthenticate, type Principal } from '@querycast/server';
import type { Database } from '../db/database.js';
import { ACCESS_TOKEN_PARTIES } from './access-token.js';
import { findOpenSession } from './session-queries.js';

/** Whoever sends a request: the person as the database knows them now, and their log-in. */
export interface Viewer extends Profile {
  readonly sessionId: string;
}

/** Turns an access token into the person behind it. Rejects with {@link AuthenticationError}. */
export type AuthenticateViewer = (token: string) => Promise<Viewer>;

/** One check of access tokens, in the shapes that are asked for. */
export interface Authentication {
  /** For requests: the person. */
  readonly viewer: AuthenticateViewer;
  /**
   * For the gateway: proves whom a token names, and nothing else. Whoever uses it must ask the database whether the session
   * is open, as the gateway does by `recheck`, of all who come at once in one statement.
   */
  readonly tokenAlone: Authenticate;
  /** For sockets of the comparison: the token's principal, with the role the person has now. */
  readonly principal: Authenticate;
}

/**
 * Checks access tokens. All but `tokenAlone` accept one only while its session is open and its person active, because a
 * log-out must not wait for the token to expire, and take the role from the database, never from the token.
 */
export function createAuthentication(db: Database, secret: string, clock: () => number): Authentication {
  const verify = jwtAuthenticate({ secret, algorithms: ['HS256'], ...ACCESS_TOKEN_PARTIES, clock });

  async function check(token: string): Promise<{ principal: Principal; viewer: Viewer }> {
    const principal = await verify(token);
    const open = principal.session === undefined ? undefined : await findOpenSession(db, principal.session, clock());
    if (!open || String(open.userId) !== principal.id) {
      throw new AuthenticationError('token_invalid', 'the session of this token is over');
    }
    const { userId, ...person } = open;
    return { principal, viewer: { id: userId, ...person } };
  }

  return {
    tokenAlone: verify,
    viewer: async (token) => (await check(token)).viewer,
    async principal(token) {
      const { principal, viewer } = await check(token);
      return { ...principal, claims: { ...principal.claims, role: viewer.role } };
    },
  };
}
