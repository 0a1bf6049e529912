import { useLiveStatus } from '@querycast/react';
import { useEffect, useRef } from 'react';
import { type Access, SessionEndedError } from '../session/access.js';

/** Codes of the gateway that may say: this login is over, not only this connection. */
const MAYBE_OVER = new Set(['logged_out', 'deactivated', 'token_invalid', 'forbidden']);

/** How long to wait before asking again when nobody answered, in milliseconds. */
const ASK_AGAIN_AFTER_MS = 10_000;

/**
 * How long a connection must last before the next refusal counts as another one, and how long a page waits that is refused
 * before, in milliseconds.
 */
const LASTING_AFTER_MS = 60_000;

/**
 * Asks for a new token when the gateway refuses this login. A page that was away misses the eviction and is refused
 * when it returns; no request of it would ever learn that the session is over. When the token is granted, `restart` is
 * called; for a connection that is refused right again a minute later, until which it stays refused and says why.
 */
export function useRenewalWhenRefused(access: Access, restart: () => void): void {
  const { state, code } = useLiveStatus();
  const isRefused = state === 'refused' && code !== undefined && MAYBE_OVER.has(code);
  const isRestarted = useRef(false);

  useEffect(() => {
    if (state !== 'live') return;
    const timer = setTimeout(() => {
      isRestarted.current = false;
    }, LASTING_AFTER_MS);
    return () => clearTimeout(timer);
  }, [state]);

  useEffect(() => {
    if (!isRefused) return;
    let isLeft = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () =>
      access.renew().then(
        () => {
          if (isLeft) return;
          // The login is good all the same: whatever makes the gateway refuse it now may pass.
          if (isRestarted.current) timer = setTimeout(restart, LASTING_AFTER_MS);
          else restart();
          isRestarted.current = true;
        },
        (error: unknown) => {
          // The end of the session is told by its store; anything else says nothing about the session.
          if (!isLeft && !(error instanceof SessionEndedError)) timer = setTimeout(ask, ASK_AGAIN_AFTER_MS);
        },
      );
    void ask();
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [isRefused, access, restart]);
}
