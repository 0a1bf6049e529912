import type { Server as HttpServer, IncomingMessage } from 'node:http';
import {
  type ClientToServerEvents,
  MAX_CLIENT_FRAME_BYTES,
  type PlainAck,
  type Room,
  type ServerToClientEvents,
  type SubscribeAck,
} from '@querycast/protocol';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import { type BacklogListener, watchBacklog } from './backlog.js';
import type { FrontDoor } from './front-door.js';
import { type Admitted, ConnectionRefusedError, type Knock } from './gatekeeper.js';
import type { PeerQuestion, Peers } from './peer-evictions.js';
import type { Frame } from './pending-frame.js';
import { frameMessage, type ServerMessage, type SessionSocket } from './session-host.js';
import { trackTransports } from './transports.js';

/** Socket.IO takes a room name of 20 characters for a socket id in places: ours never look like one. */
const ROOM_PREFIX = 'querycast:room:';

/** Longer than any handshake may take, in milliseconds: the front door counts those it ends, and Socket.IO does not. */
const CONNECT_TIMEOUT_MS = 2 ** 31 - 1;

/** How long a client may stay silent after a ping, in milliseconds. */
const PING_TIMEOUT_MS = 10_000;

/** How long a client may take to answer the closing handshake before its transport is destroyed, in milliseconds. */
const CLOSE_GRACE_MS = 500;

/** Connects the sockets of several nodes: what Socket.IO calls an adapter. */
export type SocketIoAdapter = NonNullable<ServerOptions['adapter']>;

/** What nodes say to each other. */
type NodeEvents = Record<PeerQuestion, (question: unknown, answer: (answer: unknown) => void) => void>;

/** Emitted by an adapter whenever it begins to hear the other nodes. */
export const HEARING_EVENT = 'hearing';

interface SocketData {
  admitted: Admitted;
  checkedAt: number;
}

type GatewaySocket = Socket<ClientToServerEvents, ServerToClientEvents, NodeEvents, SocketData>;

/** What the edge reports and asks. */
export interface EdgeHandlers {
  /** Clock of `checkedAt`. */
  now(): number;
  /** Whether anybody may connect at all. */
  isOpen(): boolean;
  /** Rejects with a {@link ConnectionRefusedError}. */
  admit(knock: Knock): Promise<Admitted>;
  refused(error: ConnectionRefusedError): void;
  connected(socket: SessionSocket, admitted: Admitted, checkedAt: number): ClientHandlers;
  /** Another node asks; unchecked. */
  peerAsked(name: PeerQuestion, question: unknown, answer: (answer: unknown) => void): void;
  /** The other nodes are heard again, or for the first time. */
  hearing(): void;
  /** A client has left, whatever the reason. */
  left(): void;
  /** A fault of ours while handling a client; that client's connection is cut. */
  failed(error: unknown): void;
}

/** What one client may do, and how its socket gets on; messages are unchecked. */
export interface ClientHandlers extends BacklogListener {
  subscribe(message: unknown, answer: (ack: SubscribeAck) => void): Promise<void>;
  unsubscribe(message: unknown, answer: (ack: PlainAck) => void): Promise<void>;
  renew(message: unknown, answer: (ack: PlainAck) => void): Promise<void>;
  /** A message without acknowledgement callback, which therefore cannot be answered. */
  unanswerable(): void;
  closed(): void;
}

/** The sockets of this node. The only place that knows Socket.IO. */
export interface Edge {
  /** Sends a frame to everyone who entered the room. */
  broadcast(room: Room, frame: Frame): void;
  /** Sends a message to every client. */
  announce(message: ServerMessage): void;
  /** The nodes that the adapter connects; nobody without one. */
  readonly peers: Peers;
  /** How many clients are connected. */
  size(): number;
  /** The connected clients in random order, each with a way to cut its transport. */
  connections(): { cut(): void }[];
  close(): Promise<void>;
}

/** Serves Socket.IO on an HTTP server that the caller owns. */
export function attachSocketIo(
  httpServer: HttpServer,
  options: { path: string; heartbeatMs: number; adapter?: SocketIoAdapter | undefined; door: FrontDoor },
  handlers: EdgeHandlers,
): Edge {
  const { door } = options;
  const io = new Server<ClientToServerEvents, ServerToClientEvents, NodeEvents, SocketData>(httpServer, {
    path: options.path,
    ...(options.adapter && { adapter: options.adapter }),
    // WebSocket only: no sticky sessions. No compression: a frame is encoded once for the whole room.
    transports: ['websocket'],
    perMessageDeflate: false,
    serveClient: false,
    maxHttpBufferSize: MAX_CLIENT_FRAME_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    pingInterval: options.heartbeatMs,
    pingTimeout: PING_TIMEOUT_MS,
    allowRequest(request, answer) {
      // Without an answer a load balancer tries another node at once; one that this node gave would be the client's.
      if (!handlers.isOpen()) request.socket.destroy();
      else if (!door.knock(request)) return;
      answer(null, handlers.isOpen());
    },
  });

  const transports = trackTransports(httpServer, options.path);

  io.engine.use((request: IncomingMessage, _response: unknown, next: (error?: Error) => void) => {
    // Of other transports, which there are not; past `allowRequest`, and as many at once as one likes. Read as Engine.IO
    // reads it, to which `%73id` is the same name.
    const { searchParams } = new URL(request.url ?? '', 'http://gateway');
    next(searchParams.has('sid') ? new Error('there is only one transport') : undefined);
  });
  io.engine.on('connection', (conn: GatewaySocket['conn']) => door.opened(conn));

  async function enter(socket: GatewaySocket): Promise<void> {
    const { request } = socket;
    const refused = door.refusal(request);
    if (refused) throw refused;
    const { origin, host } = socket.handshake.headers;
    socket.data.checkedAt = handlers.now();
    try {
      socket.data.admitted = await handlers.admit({ auth: socket.handshake.auth, origin, host });
    } catch (error) {
      const refusal =
        error instanceof ConnectionRefusedError
          ? error
          : new ConnectionRefusedError('overloaded', 'the connection could not be checked', { cause: error });
      handlers.refused(refusal);
      throw refusal;
    }
    const unwelcome = door.admitted(request, socket.data.admitted.principal.id);
    if (unwelcome) throw unwelcome;
  }

  io.use((socket, next) => {
    enter(socket).then(
      () => next(),
      (refusal: Error) => {
        next(refusal);
        // Once it was told: it may not try again over this connection.
        setImmediate(() => socket.conn.close());
      },
    );
  });

  io.on('connection', (socket) => {
    const { admitted, checkedAt } = socket.data;
    // The handshake holds the token and lives as long as the connection: neither is needed any more.
    socket.handshake.auth = {};
    const connected = handlers.connected(sessionSocket(socket), admitted, checkedAt);
    const client = door.limit(connected, socket.id, admitted.principal.id);
    const guard = (work: Promise<void>) => {
      work.catch((error: unknown) => {
        handlers.failed(error);
        cut(socket);
      });
    };
    // Types promise an acknowledgement; a hostile client does not keep promises.
    socket.on('subscribe', (message: unknown, answer: unknown) => {
      if (isFunction(answer)) guard(client.subscribe(message, (ack) => answer(ack)));
      else client.unanswerable();
    });
    socket.on('unsubscribe', (message: unknown, answer: unknown) => {
      if (isFunction(answer)) guard(client.unsubscribe(message, (ack) => answer(ack)));
      else client.unanswerable();
    });
    socket.on('renew', (message: unknown, answer: unknown) => {
      if (isFunction(answer)) guard(client.renew(message, (ack) => answer(ack)));
      else client.unanswerable();
    });
    socket.on('disconnect', () => {
      client.closed();
      handlers.left();
    });
    watchBacklog(socket.conn, client);
  });

  for (const name of ['evict', 'exchange', 'recheck'] as const) {
    io.on(name, (question: unknown, answer: unknown) => {
      if (isFunction(answer)) handlers.peerAsked(name, question, answer);
    });
  }
  io.of('/').adapter.on(HEARING_EVENT, () => handlers.hearing());

  return {
    broadcast(room, frame) {
      const [event, message] = frameMessage(frame);
      // Local: the broker has carried it to every node that needs it.
      io.local.to(ROOM_PREFIX + room).emit(event, message as never);
    },
    announce: ([event, message]) => {
      io.local.emit(event, message as never);
    },
    peers: {
      async ask(name, question) {
        return options.adapter ? askNodes(io.of('/').adapter, name, question) : { nodes: 0, answers: [] };
      },
    },
    size: () => io.sockets.sockets.size,
    connections: () => shuffled([...io.sockets.sockets.values()]).map((socket) => ({ cut: () => cut(socket) })),
    async close() {
      // Not `io.close()`: it would close the HTTP server, which is its owner's. Cut transports make clients reconnect.
      await io.of('/').adapter.close();
      io.engine.close();
      await transports.end(CLOSE_GRACE_MS);
    },
  };
}

type NodeAdapter = ReturnType<Server['of']>['adapter'];

/**
 * Not through the namespace's method of the same name: it drops the promise of the adapter's, which rejects when Redis
 * is away.
 */
async function askNodes(adapter: NodeAdapter, name: PeerQuestion, question: unknown) {
  const nodes = (await adapter.serverCount()) - 1;
  // As many as none: who does not hear itself hears nobody, and does not know how many there are.
  if (nodes < 0) throw new Error('the channel of the nodes has not been joined');
  const answers = await new Promise<readonly unknown[]>((resolve, reject) => {
    const answered = (_late: Error | null, inTime: readonly unknown[]) => resolve(inTime);
    Promise.resolve(adapter.serverSideEmit([name, question, answered])).catch(reject);
  });
  return { nodes, answers };
}

function sessionSocket(socket: GatewaySocket): SessionSocket {
  return {
    id: socket.id,
    send: ([event, message]) => {
      socket.emit(event, message as never);
    },
    enter: (room) => void socket.join(ROOM_PREFIX + room),
    exit: (room) => void socket.leave(ROOM_PREFIX + room),
    cut: () => cut(socket),
    disconnect: () => void socket.disconnect(true),
  };
}

/** At once: a close that waits until all was sent never ends for a client that does not read. */
function cut({ conn }: GatewaySocket): void {
  conn.close(true);
}

function isFunction(value: unknown): value is (answer: unknown) => void {
  return typeof value === 'function';
}

function shuffled<T>(items: T[]): T[] {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = Math.floor(Math.random() * (index + 1));
    [items[index], items[other]] = [items[other] as T, items[index] as T];
  }
  return items;
}
