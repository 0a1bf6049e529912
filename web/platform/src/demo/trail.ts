import type { DemoTrail, DemoTravel } from '@querycast/platform-protocol';
import { io } from 'socket.io-client';

/** What travelled, and when it was heard of. */
export interface ArrivedTravel extends DemoTravel {
  /** In milliseconds of `performance.now()`. */
  readonly arrivedAtMs: number;
}

/** What the server tells of its relay. */
export interface TrailWatch {
  /** The newest ones that came, oldest first. */
  arrived(): readonly ArrivedTravel[];
  /** Calls back after each message, and whenever something may have been missed; answers the unsubscribe. */
  subscribe(listener: () => void): () => void;
  close(): void;
}

const MAX_REMEMBERED = 50;

/** Watches the trail over a socket of its own, which no button of the demo cuts. */
export function watchTrail(getToken: () => Promise<string>): TrailWatch {
  const listeners = new Set<() => void>();
  let arrived: readonly ArrivedTravel[] = [];
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const socket = io({
    path: '/demo/hand-written',
    transports: ['websocket'],
    // A connection of its own, which the panes' one is not part of.
    forceNew: true,
    reconnectionDelayMax: 1_000,
    auth: (send) => {
      // Without a token the server refuses: the steps show then that nothing was told.
      getToken().then(
        (token) => send({ token, watch: 'trail' }),
        () => send({}),
      );
    },
  });
  socket.on('travelled', ({ travels }: DemoTrail) => {
    const arrivedAtMs = performance.now();
    arrived = [...arrived, ...travels.map((travel) => ({ ...travel, arrivedAtMs }))].slice(-MAX_REMEMBERED);
    tell();
  });
  socket.on('connect', tell);
  return {
    arrived: () => arrived,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      socket.disconnect();
    },
  };
}
