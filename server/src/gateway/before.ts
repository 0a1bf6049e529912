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

/** Asks a port that may hang or throw. Rejects with {@link RightsTimeoutError} at the deadline, by the clock of this node. */
export function before<T>(deadline: number, timers: Timers, ask: () => T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = timers.after(deadline - timers.now(), () => reject(new RightsTimeoutError()));
    new Promise<T>((answered) => answered(ask())).then(resolve, reject).finally(cancel);
  });
}
