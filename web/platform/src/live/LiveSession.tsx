import { LiveQueryProvider, useLiveStatus } from '@querycast/react';
import { type ReactNode, useEffect } from 'react';
import type { Access } from '../session/access.js';
import { isPushed } from './is-pushed.js';

/** Codes of the gateway that say: this login is over, not only this connection. */
const OVER = new Set(['logged_out', 'deactivated']);

/** Keeps the queries inside live for one login. */
export function LiveSession(props: { userId: number; access: Access; children: ReactNode }) {
  const { userId, access, children } = props;
  return (
    <LiveQueryProvider
      userId={userId}
      filter={isPushed}
      getToken={({ expired }) => (expired ? access.renew() : access.token())}
    >
      <EndWithGateway access={access} />
      {children}
    </LiveQueryProvider>
  );
}

/** Logging out in another tab, or being deactivated, reaches this page through the socket first. */
function EndWithGateway({ access }: { access: Access }): null {
  const { state, code } = useLiveStatus();
  const over = state === 'refused' && code !== undefined && OVER.has(code);
  useEffect(() => {
    // The refresh is refused now, and that ends the session; should it be granted after all, the session goes on.
    if (over) access.renew().catch(() => undefined);
  }, [over, access]);
  return null;
}
