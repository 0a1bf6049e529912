import { LiveQueryProvider, useLiveStatus } from '@querycast/react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { io } from 'socket.io-client';
import { getToken } from './session.js';

/** Keeps what is in it fresh by the library, from a gateway at another address or at the page's own. */
export function LiveUpdates({ url, children }: { url: string | undefined; children: ReactNode }) {
  return (
    <LiveQueryProvider url={url} getToken={getToken} userId="ann">
      <LiveState />
      {children}
    </LiveQueryProvider>
  );
}

function LiveState() {
  const { state, code } = useLiveStatus();
  return <p role="status">{state === 'refused' ? `${state}: ${code}` : state}</p>;
}

/** The same as it is commonly written by hand: whatever is pushed is invalidated. The tests show what that misses. */
export function HandWrittenUpdates({
  url = location.origin,
  children,
}: {
  url: string | undefined;
  children: ReactNode;
}) {
  const queryClient = useQueryClient();
  const [state, setState] = useState('connecting');
  useEffect(() => {
    const socket = io(url, {
      transports: ['websocket'],
      auth: (send) => void getToken({ expired: false }).then((token) => send({ token, protocol: 1 })),
    });
    socket.on('ready', () => setState('live'));
    socket.on('invalidate', ({ keys }: { keys: string[][] }) => {
      for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey });
    });
    return () => void socket.close();
  }, [url, queryClient]);
  return (
    <>
      <p role="status">{state}</p>
      {children}
    </>
  );
}
