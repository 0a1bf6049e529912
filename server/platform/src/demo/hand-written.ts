import type { Server as HttpServer } from 'node:http';
import { personRoom } from '@querycast/platform-protocol';
import { AuthenticationError } from '@querycast/server';
import { Server, type ServerOptions } from 'socket.io';
import type { AuthenticateViewer } from '../sessions/authenticate-session.js';

/** The comparison of the demo. */
export interface HandWritten {
  /** Tells a parent's sockets that something changed. Whoever is not connected right now never learns of it. */
  changed(parentId: number): void;
  /** Closes its sockets and leaves the HTTP server alone. Idempotent. */
  close(): void;
}

type NoEvents = Record<string, never>;
interface ChangedEvents {
  'subject-changed': () => void;
}

/**
 * What most teams write first: a room per person and an event without payload, emitted after the write. No log, no
 * position, no catching up. It is here to be compared with, on a path of its own. On several nodes it gets an adapter,
 * as most teams would give it.
 */
export function attachHandWritten(
  httpServer: HttpServer,
  authenticate: AuthenticateViewer,
  adapter?: ServerOptions['adapter'],
): HandWritten {
  const io = new Server<NoEvents, ChangedEvents, NoEvents, { room: string }>(httpServer, {
    path: '/demo/hand-written',
    transports: ['websocket'],
    serveClient: false,
    destroyUpgrade: false,
    ...(adapter && { adapter }),
  });
  io.use((socket, next) => {
    const { token } = socket.handshake.auth;
    authenticate(typeof token === 'string' ? token : '').then(
      ({ id, role }) => {
        socket.data.room = personRoom(role, id);
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
    close() {
      // Only its own: an adapter would carry the order to the other nodes.
      io.local.disconnectSockets(true);
      io.engine.close();
    },
  };
}
