import { platformKeys } from '@querycast/platform-protocol';
import { QueryClient } from '@tanstack/react-query';
import { io } from 'socket.io-client';
import type { Wire } from './wire.js';
import { wiredWebSocket } from './wired-web-socket.js';

/** The query cache as most teams set it up next to a socket. */
export function createHandWrittenQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } });
}

/** Options of `keepByHand`. */
export interface HandWrittenOptions {
  queryClient: QueryClient;
  getToken: () => Promise<string>;
  wire: Wire;
  onConnected: (connected: boolean) => void;
  /** Only counts: nothing of how it is kept depends on it. */
  onEvent: () => void;
}

/**
 * Keeps the dashboard fresh as most teams do: one listener, and Socket.IO's own reconnection. It stands here to be
 * compared with, so it stays as it is written everywhere. Answers how to stop.
 */
export function keepByHand(options: HandWrittenOptions): () => void {
  const { queryClient, getToken, wire, onConnected, onEvent } = options;
  const socket = io({
    path: '/demo/hand-written',
    transports: [wiredWebSocket(wire)],
    auth: (send) => {
      // Without a token the server refuses the connection, which the pane shows as not connected.
      getToken().then(
        (token) => send({ token }),
        () => send({}),
      );
    },
  });
  socket.on('subject-changed', () => {
    onEvent();
    void queryClient.invalidateQueries({ queryKey: platformKeys.parentDashboard() });
  });
  socket.on('connect', () => onConnected(true));
  socket.on('disconnect', () => onConnected(false));
  return () => {
    socket.disconnect();
  };
}
