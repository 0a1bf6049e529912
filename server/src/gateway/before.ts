import { AuthenticationError } from '../auth/authenticate.js';
import type { Timers } from './timers.js';

/** Longest time that reading the rights of a session may take, in milliseconds: whatever does not answer then hangs. */
export const RIGHTS_WITHIN_MS = 10_000;

/** A port did not answer in time. */
export class RightsTimeoutError extends Error {
  readonly code = 'rights_timeout';

  constructor() {
    super(`rights were not read within ${RIGHTS_WITHIN_MS} ms`);
    this.name = 'RightsTimeoutError';
  }
}

/** A port that says something of rights failed with what would say something of a token. */
export class RightsUnknownError extends Error {
  readonly code = 'rights_unknown';

  constructor(cause: AuthenticationError) {
    super('rights could not be read: a token was refused that is not that of the session', { cause });
    this.name = 'RightsUnknownError';
  }
}

/**
 * Asks a port that may hang or throw. Rejects with {@link RightsTimeoutError} at the deadline, by the clock of this node. An
 * {@link AuthenticationError} is another one's, such as of a token by which the application asks: it must not end sessions.
 */
export function before<T>(deadline: number, timers: Timers, ask: () => T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = timers.after(deadline - timers.now(), () => reject(new RightsTimeoutError()));
    const fail = (error: unknown) =>
      reject(error instanceof AuthenticationError ? new RightsUnknownError(error) : error);
    new Promise<T>((answered) => answered(ask())).then(resolve, fail).finally(cancel);
  });
}
