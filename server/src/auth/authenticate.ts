import type { EvictedCode, Room } from '@querycast/protocol';

/** Whom a session belongs to. */
export interface Principal {
  /** Stable id of the person or service. */
  readonly id: string;
  /** Id of the log-in this token came from, when there is one: what a log-out ends. */
  readonly session?: string;
  /** When the token stops being valid, in milliseconds since 1970. */
  readonly expiresAt?: number;
  /** Everything else the token says. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Turns a token into a principal. Rejects with {@link AuthenticationError}; any other rejection counts as overload. */
export type Authenticate = (token: string) => Promise<Principal>;

/** Whether a principal may join a room beyond its own. */
export type Authorize = (principal: Principal, room: Room) => boolean | Promise<boolean>;

/**
 * Whether somebody with a good token may come in, or a running session go on, and as whom: the principal as the backend knows
 * it now, or the code to evict the session with. Of the answer only the claims count: a session keeps the id, the log-in and
 * the end of its token, and one whose id would change is evicted as `forbidden`. A rejection says nothing about the session.
 */
export type Recheck = (principal: Principal) => Promise<Principal | EvictedCode>;

/** A token was refused. The message never holds the token. */
export class AuthenticationError extends Error {
  readonly code: 'token_expired' | 'token_invalid' | 'forbidden';

  constructor(code: AuthenticationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AuthenticationError';
    this.code = code;
  }
}
