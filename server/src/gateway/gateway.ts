import { randomBytes } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { type EvictedCode, isRoom, MAX_SPREAD_MS, PROTOCOL_VERSION, type Room } from '@querycast/protocol';
import type { Authenticate, Authorize, Principal, Recheck } from '../auth/authenticate.js';
import type { Broker } from '../broker/broker.js';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { createClientDoor } from './client-door.js';
import { type Drain, drainConnections } from './drain.js';
import type { EvictionTarget } from './evictions.js';
import { createFrontDoor } from './front-door.js';
import { type Admitted, ConnectionRefusedError, createGatekeeper } from './gatekeeper.js';
import { type GatewayLimits, limitsOf } from './limits.js';
import { createPeerEvictions } from './peer-evictions.js';
import { authenticateNow, createPrincipalNow } from './principal-now.js';
import { createRareLine } from './rare-line.js';
import { createRechecks } from './rechecks.js';
import { createRenewals } from './renewals.js';
import { createRightsHints } from './rights-hints.js';
import { createRightsReader } from './rights-reader.js';
import { createRoomHub } from './room-hub.js';
import { createSessionHost, type SessionHandle, type SessionInfo, type SessionSocket } from './session-host.js';
import { attachSocketIo, type SocketIoAdapter } from './socket-io.js';
import { systemTimers, type Timers } from './timers.js';

/** What a gateway needs; everything but the first three has a default. */
export interface GatewayOptions {
  readonly broker: Broker;
  readonly authenticate: Authenticate;
  /**
   * The rooms a principal is in by right. The only source of rooms: a client never chooses its own. Asked for each session, and
   * again for each new token of it.
   */
  readonly roomsOf: (principal: Principal) => readonly Room[] | Promise<readonly Room[]>;
  /** Who may subscribe to further rooms, and stay in them with a new token; default: nobody. */
  readonly authorize?: Authorize;
  /**
   * Asked of everybody who comes with a token, after `authenticate`: whoever may not go on is refused as `token_invalid`, and
   * a renewal as `forbidden`. Asked of a running session whenever its rights may have changed: upon `Gateway.recheck`, when this
   * node hears the others again, and every half a minute. Then `roomsOf` and `authorize` are asked as well. What takes longer
   * than ten seconds or rejects lets nobody in, changes nothing for those who are, and is asked again. Of running sessions at
   * most 20 are asked about at a time; of those who come, as many as come: answer together what is asked in one moment.
   * Default: a session goes on as its token says.
   */
  readonly recheck?: Recheck;
  /** Origins of pages that may connect besides those of the host they connect to; default: no others. */
  readonly allowedOrigins?: readonly string[];
  /** Whether frames carry the publisher's `reason`; default false. */
  readonly exposeReason?: boolean;
  /** Connects this gateway with those of other processes, so that evictions reach every node; default: it is alone. */
  readonly adapter?: SocketIoAdapter;
  /**
   * Over how many milliseconds clients spread their refetches after the broker was away; default 2,000, 0 turns it off.
   */
  readonly resyncSpreadMs?: number;
  /**
   * Told of each eviction and how many milliseconds ago it was, of other nodes as well, for whatever else of the backend
   * goes with a session, such as sockets of its own. One of another node may be told late and more than once: spare whoever
   * came since. What it throws or rejects with is logged and counts for nothing. Default: nobody is told.
   */
  readonly evicted?: (target: EvictionTarget, agoMs: number) => void;
  /** What an address, a user and a socket may do on this node; each has a default that suits a school. */
  readonly limits?: Partial<GatewayLimits>;
  /**
   * The address that a request counts for, asked before anything else of it is looked at; default: that of its socket, which
   * behind a proxy is the proxy's. What a client wrote into a header must not count: take what your own proxy wrote.
   */
  readonly clientAddress?: (request: IncomingMessage) => string;
  /** Path of Socket.IO; default `/socket.io`. */
  readonly path?: string;
  /** Interval of the pings of Socket.IO in milliseconds; default 15,000. */
  readonly heartbeatMs?: number;
  /** Name of this node in `ready` and in logs; default random. */
  readonly node?: string;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly timers?: Timers;
}

/** A running gateway. */
export interface Gateway {
  /**
   * Ends all sessions of a user or of one log-in for good: here at once, on the nodes that the adapter connects as soon
   * as they hear of it. Call it when `authenticate` and `recheck` know: whoever comes afterwards comes in as they say. Answers
   * how many were here; never throws.
   */
  evict(target: EvictionTarget, code: EvictedCode): number;
  /**
   * The rights of a user or of one log-in may have changed: looks at their sessions again, here and on the nodes that the
   * adapter connects. What they lost is `left`, or `evicted`; rooms that are new are `joined`. Call it when the change is
   * there for `recheck`, `roomsOf` and `authorize` to see. Nothing that they answered before takes effect from its call
   * on. Never throws.
   */
  recheck(target: EvictionTarget): void;
  /** The same for this node only; without a target for all of its sessions. Never throws. */
  recheckHere(target?: EvictionTarget): void;
  /** The open sessions of this node. */
  sessions(): SessionInfo[];
  /** Whether new clients are welcome; false once draining. For the readiness check. */
  isReady(): boolean;
  /**
   * Asks clients to move elsewhere within `withinMs` milliseconds (default 5,000), each at a moment of its own, and cuts
   * those that stay, one by one over half as long again. Takes nobody new from its call on; resolves when all are gone.
   */
  drain(withinMs?: number): Promise<void>;
  /** Closes every socket and subscription. Leaves broker and HTTP server to their owner. Idempotent. */
  close(): Promise<void>;
}

const DEFAULT_PING_MS = 15_000;
const DEFAULT_DRAIN_MS = 5_000;
const DEFAULT_RESYNC_SPREAD_MS = 2_000;

/**
 * Creates a gateway; `attach` serves it on an HTTP server. Throws a `RangeError` for a spread that clients would refuse, and for
 * a limit that is none.
 *
 * @example
 * createGateway({ broker, authenticate: jwtAuthenticate({ secret }), roomsOf: ({ id }) => [`user:${id}`] }).attach(server);
 */
export function createGateway(options: GatewayOptions): { attach(httpServer: HttpServer): Gateway } {
  const { resyncSpreadMs = DEFAULT_RESYNC_SPREAD_MS } = options;
  if (!Number.isInteger(resyncSpreadMs) || resyncSpreadMs < 0 || resyncSpreadMs > MAX_SPREAD_MS) {
    throw new RangeError(`resyncSpreadMs must be an integer from 0 to ${MAX_SPREAD_MS}`);
  }
  const limits = limitsOf(options.limits);
  return { attach: (httpServer) => attachGateway({ ...options, resyncSpreadMs, limits }, httpServer) };
}

function attachGateway(
  options: GatewayOptions & { readonly resyncSpreadMs: number; readonly limits: GatewayLimits },
  httpServer: HttpServer,
): Gateway {
  const { broker, authorize, logger = silentLogger, metrics = noMetrics, timers = systemTimers } = options;
  const node = options.node ?? randomBytes(6).toString('hex');
  const heartbeatMs = options.heartbeatMs ?? DEFAULT_PING_MS;
  let live: boolean | undefined;
  let draining = false;

  const hub = createRoomHub({
    broker,
    timers,
    logger,
    metrics,
    settings: { exposeReason: options.exposeReason ?? false, resyncSpreadMs: options.resyncSpreadMs },
    listener: {
      onFrame(room, frame, holding) {
        sessions.hold(holding, room, frame);
        edge.broadcast(room, frame);
      },
      onRow: (session, row) => sessions.row(session, row),
      onDelayed: (session, room) => sessions.delayed(session, room),
    },
  });
  const hello = () => ({ protocol: PROTOCOL_VERSION, node, live: live ?? false, heartbeatMs });
  const closed = (session: SessionHandle) => rechecks.closed(session);
  const sessions = createSessionHost({ rooms: hub, hello, closed, timers, logger, metrics });

  const { recheck } = options;
  const principalNow = createPrincipalNow(recheck, timers);
  const authenticate = authenticateNow(options.authenticate, principalNow, timers);
  const gatekeeper = createGatekeeper(authenticate, options.allowedOrigins);
  const hints = createRightsHints(timers);
  const reader = createRightsReader({ principalNow, roomsOf, authorize, hints, timers });
  const renew = createRenewals({ authenticate, reader, hints, timers, logger, metrics });
  const isSweeping = recheck !== undefined || authorize !== undefined;
  const rechecks = createRechecks({ reader, hints, meant: sessions.meant, isSweeping, timers, logger, metrics });

  const tellUnauthorized = createRareLine({ message: 'authorization failed', counted: 'times', timers, logger });
  const tellUnknown = createRareLine({ message: 'rooms of a session unknown', counted: 'sessions', timers, logger });
  const ofAllClients = { authorize, renew, rechecks, tellUnauthorized, timers, logger, metrics };

  const { limits, clientAddress } = options;
  const door = createFrontDoor({ limits, clientAddress, timers, logger, metrics });
  const edge = attachSocketIo(
    httpServer,
    { path: options.path ?? '/socket.io', heartbeatMs, adapter: options.adapter, door },
    {
      now: () => timers.now(),
      isOpen: () => !draining,
      async admit(knock) {
        const admitted = await gatekeeper(knock);
        // Who was being checked when the drain began was not asked to move.
        if (draining) throw new ConnectionRefusedError('overloaded', 'this node is going away', { retryAfterMs: 0 });
        return admitted;
      },
      refused({ code, message, cause }) {
        metrics.count('connections_refused_total', { code });
        logger.warn({ code, reason: message, ...(code === 'overloaded' ? { err: cause } : {}) }, 'connection refused');
      },
      connected(socket, { principal, positions }, checkedAt) {
        const session = sessions.accept(socket, principal, checkedAt);
        if (session) void openSession(session, socket, positions, checkedAt);
        return createClientDoor({ session, socket, principal, ...ofAllClients });
      },
      peerAsked: (name, question, answer) => peerEvictions.hear(name, question, answer),
      hearing: () => peerEvictions.hearing(),
      left: () => drain?.left(),
      failed: (err) => logger.error({ err }, 'client message could not be handled'),
    },
  );

  const peerEvictions = createPeerEvictions({
    peers: edge.peers,
    evictHere,
    recheckHere: rechecks.recheck,
    timers,
    logger,
    metrics,
  });

  function evictHere(target: EvictionTarget, code: EvictedCode, agoMs = 0): number {
    const here = sessions.evict(target, code, agoMs);
    // Also one that is async and rejects, which would end the process.
    new Promise<void>((resolve) => resolve(options.evicted?.(target, agoMs))).catch((err: unknown) => {
      logger.error({ err }, 'listener to evictions failed');
    });
    return here;
  }

  async function openSession(
    session: SessionHandle,
    socket: SessionSocket,
    positions: Admitted['positions'],
    checkedAt: number,
  ): Promise<void> {
    const principal = session.principal();
    try {
      const isHinted = (read: Principal) => hints.sinceTime(read, checkedAt);
      await reader.current(session, principal, isHinted, (rights) => {
        if (typeof rights === 'string') {
          session.evict(rights);
          return;
        }
        session.identify(rights.principal);
        session.open([...rights.own], positions);
        if (!session.isClosed()) rechecks.opened(session);
      });
    } catch (err) {
      tellUnknown({ session: socket.id, user: principal.id, err });
      socket.cut();
    }
  }

  async function roomsOf(principal: Principal): Promise<Room[]> {
    const rooms = await options.roomsOf(principal);
    const wrong = rooms.find((room) => !isRoom(room));
    if (wrong !== undefined) throw new TypeError('roomsOf answered a malformed room: see the rules for rooms');
    return [...rooms];
  }

  const stopListening = broker.onLive((nowLive) => {
    // The broker tells its state at once: that it is there is no news, that it is not is.
    if (nowLive ? live === false : live !== false) logger.warn({ node, live: nowLive }, 'broker state changed');
    live = nowLive;
    metrics.gauge('broker_live', nowLive ? 1 : 0);
    edge.announce(['status', { live: nowLive }]);
  });

  let drain: Drain | undefined;
  let closing: Promise<void> | undefined;
  return {
    evict(target, code) {
      const here = evictHere(target, code);
      peerEvictions.tell(target, code);
      return here;
    },
    recheck(target) {
      rechecks.recheck(target);
      peerEvictions.tellRecheck(target);
    },
    recheckHere: rechecks.recheck,
    sessions: () => sessions.list(),
    isReady: () => !draining,
    async drain(withinMs = DEFAULT_DRAIN_MS) {
      draining = true;
      logger.info({ node, sessions: sessions.size(), withinMs }, 'draining');
      edge.announce(['drain', { withinMs }]);
      drain = drainConnections({ size: edge.size, connections: edge.connections, withinMs, timers });
      await drain.done;
    },
    close() {
      draining = true;
      closing ??= (async () => {
        stopListening();
        peerEvictions.close();
        drain?.stop();
        await edge.close();
        rechecks.close();
        await hub.close();
      })();
      return closing;
    },
  };
}
