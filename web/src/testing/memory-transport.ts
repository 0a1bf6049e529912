import {
  type ConnectCode,
  type EvictedCode,
  formatPositionHeader,
  isQueryKey,
  isRoom,
  type Position,
  queryKeyProblem,
  type Room,
  roomProblem,
} from '@querycast/protocol';
import type { ConnectAuth, LiveTransport, TransportConnection, TransportHandlers } from '../client/transport.js';
import { openManualConnection } from './manual-transport.js';
import { createMemorySession, type MemorySession } from './memory-session.js';
import { createRoomLog, type RoomLog } from './room-log.js';

/** Options of {@link createMemoryTransport}. */
export interface MemoryTransportOptions {
  /** The rooms of whoever connects; default: `user:1` alone. */
  readonly rooms?: readonly Room[] | undefined;
  /** Whether a further room (`useLiveRoom`) is given, asked at each request and each renewal; default: every one is. */
  readonly mayJoin?: ((room: Room) => boolean) | undefined;
}

/** Which room something happens in, and how. */
export interface AnnounceOptions {
  /** Default: the first of `rooms`. */
  readonly room?: Room | undefined;
  /** The page may wait for a random part of this many milliseconds before it fetches; default: not at all. */
  readonly spreadMs?: number | undefined;
}

/**
 * A gateway and its backend in memory, for the tests of an application. It accepts connections by itself, keeps the log of
 * each room, and answers as a gateway does (`PROTOCOL.md` 3 and 5 to 7). It has no timers: what a method here causes at
 * the page's end has happened when it returns, so that in React it is called within `act`.
 */
export interface MemoryTransport extends LiveTransport {
  /** Announces that a query key went stale. Whoever is away learns of it on return. Throws a `TypeError` for a bad key. */
  invalidate(key: readonly unknown[], options?: AnnounceOptions): void;
  /** The log of a room is lost and begins anew: everything of the room counts as stale. */
  resync(options?: AnnounceOptions): void;
  /** Cuts all connections. The page comes back by itself, after up to a second at the first time (`random` decides). */
  cut(): void;
  /** While false, there is no connection and none can be made, as without a network; default true. */
  setReachable(isReachable: boolean): void;
  /** Refuses the next connection; `retryAfterMs` is for `overloaded`. Cut the present one to have a next one. */
  refuse(code: ConnectCode, retryAfterMs?: number): void;
  /** Ends all sessions for good; default code `logged_out`. Who connects after that is let in. */
  evict(code?: EvictedCode): void;
  /** While false, the gateway has lost its broker: connections stand, and what is announced is told later; default true. */
  setLive(isLive: boolean): void;
  /** Says that tokens end in `inMs` milliseconds, default 60,000: the page sends a new one. Nothing ends by itself. */
  expire(inMs?: number): void;
  /** The rooms that pages are in now, extra ones included, without repetition; none before `ready`. */
  readonly rooms: readonly Room[];
  /** All tokens so far, of connections and of renewals, oldest first. */
  readonly tokens: readonly string[];
  /** The value of `Querycast-Position` for a response whose data is read now: positions of the page's rooms. */
  header(): string;
}

/**
 * Lets tests push changes to a page without a server: pass it as `transport`.
 *
 * @example
 * ```tsx
 * const live = createMemoryTransport({ rooms: ['shop:7'] });
 * render(<App transport={live} />);
 * await screen.findByText('Tea');
 * orders.push('Coffee');
 * act(() => live.invalidate(['orders']));
 * await screen.findByText('Tea, Coffee');
 * ```
 */
export function createMemoryTransport(options: MemoryTransportOptions = {}): MemoryTransport {
  const { rooms = ['user:1'], mayJoin = () => true } = options;
  const logs = new Map<Room, RoomLog>();
  const sessions = new Set<MemorySession>();
  const tokens: string[] = [];
  let isReachable = true;
  let isLive = true;
  let refusal: readonly [code: ConnectCode, retryAfterMs: number | undefined] | undefined;
  const world = { rooms, mayJoin, logOf, isLive: () => isLive, onRenewed: (token: string) => void tokens.push(token) };
  for (const room of rooms) logOf(room);

  function logOf(room: Room): RoomLog {
    if (!isRoom(room)) throw new TypeError(roomProblem(room));
    const log = logs.get(room) ?? createRoomLog();
    logs.set(room, log);
    return log;
  }

  /** The sessions that are open; those that were closed are forgotten. */
  function open(): MemorySession[] {
    for (const session of sessions) if (session.connection.isClosed) sessions.delete(session);
    return [...sessions];
  }

  function connect(handlers: TransportHandlers): TransportConnection {
    if (!isReachable) return failedConnection(handlers);
    let session: MemorySession | undefined;
    const { connection, client } = openManualConnection(handlers, (request) => session?.answer(request));
    const letIn = ({ token, positions = {} }: ConnectAuth) => {
      tokens.push(token);
      if (refusal) {
        const [code, retryAfterMs] = refusal;
        refusal = undefined;
        connection.refuse(code, retryAfterMs);
        return;
      }
      session = createMemorySession(connection, world);
      sessions.add(session);
      connection.accept();
      session.welcome(positions);
    };
    // Without a token there is nobody to let in; the connection tells the page so itself.
    connection.auth.then(
      (auth) => {
        if (!connection.isClosed) letIn(auth);
      },
      () => {},
    );
    return client;
  }

  function cut(): void {
    for (const { connection } of open()) connection.cut();
  }

  function roomOf({ room = rooms[0] }: AnnounceOptions): Room {
    if (room === undefined) throw new TypeError('name a room: the transport was created without any');
    return room;
  }

  return {
    connect,
    invalidate: (key, announced = {}) => {
      if (!isQueryKey(key)) throw new TypeError(queryKeyProblem(key));
      const room = roomOf(announced);
      logOf(room).append(key);
      for (const session of open()) session.tell(room, announced.spreadMs);
    },
    resync: (announced = {}) => {
      const room = roomOf(announced);
      logOf(room).restart();
      for (const session of open()) session.tell(room, announced.spreadMs);
    },
    cut,
    setReachable: (reachable) => {
      isReachable = reachable;
      if (!reachable) cut();
    },
    refuse: (code, retryAfterMs) => {
      refusal = [code, retryAfterMs];
    },
    evict: (code = 'logged_out') => {
      for (const { connection } of open()) {
        connection.send('evicted', { code });
        connection.cut();
      }
    },
    setLive: (live) => {
      isLive = live;
      for (const session of open()) session.announce();
    },
    expire: (inMs = 60_000) => {
      for (const { connection } of open()) connection.send('expiring', { inMs });
    },
    get rooms() {
      return [...new Set(open().flatMap((session) => session.rooms()))];
    },
    tokens,
    header: () => {
      const joined = open().flatMap((session) => session.rooms());
      const positions: Record<Room, Position> = {};
      for (const room of [...rooms, ...joined]) positions[room] = logOf(room).position;
      return formatPositionHeader(positions);
    },
  };
}

/** A network that is away, which asks for no token. */
function failedConnection(handlers: TransportHandlers): TransportConnection {
  let isClosed = false;
  queueMicrotask(() => {
    if (!isClosed) handlers.onProblem({ message: 'unreachable' });
    isClosed = true;
  });
  return {
    request: () => Promise.reject(new Error('no connection')),
    close: () => {
      isClosed = true;
    },
  };
}
