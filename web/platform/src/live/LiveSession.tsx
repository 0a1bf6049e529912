import { LiveQueryProvider, type LiveTransport } from '@querycast/react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Access } from '../session/access.js';
import { isPushed } from './is-pushed.js';
import { useRenewalWhenRefused } from './use-renewal-when-refused.js';

/** What one login needs to be live. */
export interface LiveSessionProps {
  userId: number;
  access: Access;
  /** Default: Socket.IO to the page's own origin. */
  transport?: LiveTransport;
  children: ReactNode;
}

/** Keeps the queries inside live for one login, for as long as the gateway and the login last. */
export function LiveSession({ userId, access, transport, children }: LiveSessionProps) {
  const [isRestarting, setRestarting] = useState(false);
  const restart = useCallback(() => setRestarting(true), []);
  // The gateway has ended the connection of the session before, or is about to.
  useEffect(() => access.onAdopted(restart), [access, restart]);
  // Disabled for one render: that closes the refused connection, and the next one begins anew.
  useEffect(() => {
    if (isRestarting) setRestarting(false);
  }, [isRestarting]);
  return (
    <LiveQueryProvider
      userId={userId}
      enabled={!isRestarting}
      filter={isPushed}
      getToken={({ expired }) => (expired ? access.renew() : access.token())}
      {...(transport ? { transport } : {})}
    >
      <RenewWhenRefused access={access} restart={restart} />
      {children}
    </LiveQueryProvider>
  );
}

function RenewWhenRefused({ access, restart }: { access: Access; restart: () => void }): null {
  useRenewalWhenRefused(access, restart);
  return null;
}
