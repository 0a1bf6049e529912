import type { Server as HttpServer } from 'node:http';
import { type DemoTrail, personRoom } from '@querycast/platform-protocol';
import { AuthenticationError } from '@querycast/server';
import { Server, type ServerOptions } from 'socket.io';
import type { AuthenticateViewer } from '../sessions/authenticate-session.js';
import type { DemoPeople } from './demo-people.js';

/** The comparison of the demo. */
export interface HandWritten {
  /** Tells a parent's sockets that something changed. Whoever is not connected right now never learns of it. */
  changed(parentId: number): void;
  /** Tells those who watch the trail, on all nodes, what has travelled. */
  travelled(trail: DemoTrail): void;
  /**
   * Cuts the sockets that are compared and lets none come, as a process that is being restarted; or lets them come again.
   * Those of the trail stay: they only watch.
   */
  setAway(isAway: boolean): void;
  /** Closes its sockets and leaves the HTTP server alone. Idempotent. */
  close(): void;
}

/** Settings of {@link attachHandWritten}. */
export interface HandWrittenOptions {
  readonly authenticate: AuthenticateViewer;
  /** Only they may watch the trail. */
  readonly people: DemoPeople;
  /** On several nodes, as most teams would give it. */
  readonly adapter?: ServerOptions['adapter'] | undefined;
}

type NoEvents = Record<string, never>;
interface ChangedEvents {
  'subject-changed': () => void;
  travelled: (trail: DemoTrail) => void;
}

/** Of those who connect with `{ watch: 'trail' }`, and hear nothing else. */
const TRAIL_ROOM = 'trail';

/**
 * What most teams write first: a room per person and an event without payload, emitted after the write. No log, no
 * position, no catching up. It is here to be compared with, on a path of its own. The trail of the demo has its sockets
 * here as well: as the gateway is what is watched, it cannot be what tells of it.
 */
export function attachHandWritten(
  httpServer: HttpServer,
  { authenticate, people, adapter }: HandWrittenOptions,
): HandWritten {
  let isAway = false;
  const io = new Server<NoEvents, ChangedEvents, NoEvents, { room: string }>(httpServer, {
    path: '/demo/hand-written',
    transports: ['websocket'],
    serveClient: false,
    destroyUpgrade: false,
    // Refused here, a client tries again by itself, as after any failed connection.
    allowRequest: (_request, answer) => answer(null, !isAway),
    ...(adapter && { adapter }),
  });
  io.use((socket, next) => {
    const { token, watch } = socket.handshake.auth;
    authenticate(typeof token === 'string' ? token : '').then(
      ({ id, role }) => {
        const isWatching = watch === 'trail';
        if (isWatching && !people.has(id)) return next(new Error('the trail is for people of the demo'));
        socket.data.room = isWatching ? TRAIL_ROOM : personRoom(role, id);
        next();
      },
      (error: unknown) => next(error instanceof AuthenticationError ? error : new Error('the token was not checked')),
    );
  });
  io.on('connection', (socket) => void socket.join(socket.data.room));
  return {
    changed: (parentId) => {
      io.to(personRoom('parent', parentId)).emit('subject-changed');
    },
    travelled: (trail) => {
      io.to(TRAIL_ROOM).emit('travelled', trail);
    },
    setAway(nowAway) {
      isAway = nowAway;
      if (!nowAway) return;
      for (const socket of io.sockets.sockets.values()) {
        // Their transports: whom a server disconnects by a message does not come back by itself.
        if (socket.data.room !== TRAIL_ROOM) socket.conn.close();
      }
    },
    close() {
      // Only its own: an adapter would carry the order to the other nodes.
      io.local.disconnectSockets(true);
      io.engine.close();
    },
  };
}
