import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { type DemoTrail, personRoom } from '@querycast/platform-protocol';
import { MAX_CLIENT_FRAME_BYTES } from '@querycast/protocol';
import {
  type Authenticate,
  AuthenticationError,
  type EvictionTarget,
  type Logger,
  type Principal,
  type Recheck,
} from '@querycast/server';
import { Server, type ServerOptions } from 'socket.io';
import { ownRooms } from '../sessions/own-rooms.js';
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
  /** Cuts the sockets of a log-in, or of somebody, on this node that came before: who comes back is checked anew. */
  evict(target: EvictionTarget, agoMs: number): void;
  /** Asks again about the sockets of a log-in, or of somebody, on this node, or about all, and cuts those that may not go on. */
  recheck(target?: EvictionTarget): void;
  /** Closes its sockets and leaves the HTTP server alone. Idempotent. */
  close(): void;
}

/** Settings of {@link attachHandWritten}. */
export interface HandWrittenOptions {
  readonly authenticate: Authenticate;
  readonly recheck: Recheck;
  /** Only they may watch the trail. */
  readonly people: DemoPeople;
  /** On several nodes, as most teams would give it. */
  readonly adapter?: ServerOptions['adapter'] | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly logger: Logger;
  /** Most sockets at once; default 1,000. */
  readonly maxSockets?: number;
}

type NoEvents = Record<string, never>;
interface ChangedEvents {
  'subject-changed': () => void;
  travelled: (trail: DemoTrail) => void;
}

interface Seat {
  readonly principal: Principal;
  readonly room: string;
  /** When the token was about to be checked, by `performance.now()`. */
  readonly checkedAt: number;
}

/**
 * Most sockets of the comparison, whoever's they are: such code limits nothing, and the demo is not to be the weakest door of
 * its process. A full one costs nobody but those who look at the comparison.
 */
const MAX_SOCKETS = 1_000;

/** How long one of them may take to authenticate, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Of those who connect with `{ watch: 'trail' }`, and hear nothing else. */
const TRAIL_ROOM = 'trail';

/**
 * What most teams write first: a room per person and an event without payload, emitted after the write. No log, no
 * position, no catching up. It is here to be compared with, on a path of its own. The trail of the demo has its sockets
 * here as well: as the gateway is what is watched, it cannot be what tells of it.
 */
export function attachHandWritten(
  httpServer: HttpServer,
  { authenticate, recheck, people, adapter, clock, logger, maxSockets = MAX_SOCKETS }: HandWrittenOptions,
): HandWritten {
  let isAway = false;
  /** When it was last told that somebody may have lost a right. */
  let lastDoubtAt = Number.NEGATIVE_INFINITY;
  const io = new Server<NoEvents, ChangedEvents, NoEvents, Seat>(httpServer, {
    path: '/demo/hand-written',
    transports: ['websocket'],
    serveClient: false,
    destroyUpgrade: false,
    // Refused here, a client tries again by itself, as after any failed connection.
    allowRequest: (_request, answer) => answer(null, !isAway && io.engine.clientsCount < maxSockets),
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxHttpBufferSize: MAX_CLIENT_FRAME_BYTES,
    ...(adapter && { adapter }),
  });
  io.engine.use((request: IncomingMessage, _response: unknown, next: (error?: Error) => void) => {
    // A second connection of the same socket would come past `allowRequest`, and be none of those that are counted.
    const { searchParams } = new URL(request.url ?? '', 'http://demo');
    next(searchParams.has('sid') ? new Error('there is only one transport') : undefined);
  });
  /** Whether what it was admitted by is history: it was on its way meanwhile, where nobody could cut it. */
  const isLate = ({ room, checkedAt }: Seat) => (isAway && room !== TRAIL_ROOM) || checkedAt <= lastDoubtAt;

  io.use((socket, next) => {
    const { token, watch } = socket.handshake.auth;
    const checkedAt = performance.now();
    authenticate(typeof token === 'string' ? token : '')
      .then((principal) => {
        const isWatching = watch === 'trail';
        if (isWatching && !people.has(Number(principal.id))) {
          return next(new Error('the trail is for people of the demo'));
        }
        const [own = ''] = ownRooms(principal);
        socket.data = { principal, room: isWatching ? TRAIL_ROOM : own, checkedAt };
        // Not refused by an error, after which a client does not come back by itself.
        if (isLate(socket.data)) socket.conn.close();
        next();
      })
      .catch((error: unknown) => {
        next(error instanceof AuthenticationError ? error : new Error('the token was not checked'));
      });
  });
  io.on('connection', (socket) => {
    const { principal, room } = socket.data;
    if (isLate(socket.data)) return socket.conn.close();
    void socket.join(room);
    if (principal.expiresAt === undefined) return;
    // The next token it brings is checked like the first one.
    const expiry = setTimeout(() => socket.conn.close(), Math.max(0, principal.expiresAt - clock()));
    socket.on('disconnect', () => clearTimeout(expiry));
  });
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
    evict(target, agoMs) {
      const evictedAt = performance.now() - agoMs;
      lastDoubtAt = Math.max(lastDoubtAt, evictedAt);
      for (const socket of io.sockets.sockets.values()) {
        const { principal, checkedAt } = socket.data;
        if (checkedAt <= evictedAt && isMeant(principal, target)) socket.conn.close();
      }
    },
    recheck(target) {
      lastDoubtAt = performance.now();
      for (const { conn, data } of io.sockets.sockets.values()) {
        if (target && !isMeant(data.principal, target)) continue;
        recheck(data.principal)
          .then((now) => {
            if (typeof now === 'string') conn.close();
          })
          .catch((err: unknown) => {
            logger.warn({ user: data.principal.id, err }, 'rights of a comparison socket unknown, cut');
            // Who comes back is checked anew.
            conn.close();
          });
      }
    },
    close() {
      // Only its own: an adapter would carry the order to the other nodes.
      io.local.disconnectSockets(true);
      io.engine.close();
    },
  };
}

function isMeant({ id, session }: Principal, target: EvictionTarget): boolean {
  return 'user' in target ? id === target.user : session === target.session;
}
