import { useState } from 'react';
import { useSessionStore } from '../session/session-context.js';

/** The one login under way on the page, however it was started. */
export interface Login {
  /** Logs in; what goes wrong is told through `error`. */
  start(email: string, password: string): Promise<void>;
  /** The e-mail address being logged in. */
  readonly pending: string | undefined;
  readonly error: unknown;
}

/** Logs in through the page's session store, one attempt at a time. */
export function useLogin(): Login {
  const store = useSessionStore();
  const [pending, setPending] = useState<string>();
  const [error, setError] = useState<unknown>();

  async function start(email: string, password: string): Promise<void> {
    if (pending !== undefined) return;
    setPending(email);
    setError(undefined);
    try {
      await store.login(email, password);
    } catch (failure) {
      setError(failure);
    } finally {
      setPending(undefined);
    }
  }

  return { start, pending, error };
}
