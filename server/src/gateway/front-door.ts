import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { createArrivals, type Visit } from './arrivals.js';
import { type Inlet, watchFrames } from './frame-door.js';
import type { ConnectionRefusedError } from './gatekeeper.js';
import { createLimitReports } from './limit-reports.js';
import { type GatewayLimits, LIMIT_WINDOW_MS } from './limits.js';
import { limitMessages } from './message-limits.js';
import type { ClientHandlers } from './socket-io.js';
import { systemTimers, type Timers } from './timers.js';

/** Settings of {@link createFrontDoor}. */
export interface FrontDoorOptions {
  readonly limits: GatewayLimits;
  /** Whom a request comes from; default: the address of its socket. */
  readonly clientAddress?: ((request: IncomingMessage) => string) | undefined;
  readonly timers?: Timers;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** A connection of Engine.IO, as little of it as the front door needs. */
export interface Connection extends Inlet {
  readonly request: IncomingMessage;
  on(event: 'packet', listen: (packet: { readonly type: string; readonly data?: unknown }) => void): unknown;
  on(event: 'close' | 'upgrading' | 'upgrade', listen: () => void): unknown;
  close(discard?: boolean): unknown;
}

/** The limits of a node, applied to what happens at its sockets. */
export type FrontDoor = ReturnType<typeof createFrontDoor>;

/** What the library of WebSockets calls a message beyond the largest one. */
const TOO_LARGE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

const TOO_MANY_REQUESTS = [
  'HTTP/1.1 429 Too Many Requests',
  `Retry-After: ${LIMIT_WINDOW_MS / 1_000}`,
  'Connection: close',
  'Content-Length: 0',
].join('\r\n');

/** Creates the front door: in the order in which a connection meets it, what costs least comes first. */
export function createFrontDoor(options: FrontDoorOptions) {
  const { limits, timers = systemTimers, logger = silentLogger, metrics = noMetrics } = options;
  const { clientAddress = ({ socket }: IncomingMessage) => socket.remoteAddress ?? '' } = options;
  const report = createLimitReports({ timers, logger, metrics });
  const arrivals = createArrivals({ limits, timers, report });
  const visits = new WeakMap<IncomingMessage, Visit>();

  return {
    /** Whether a request for a WebSocket may become one. If not, it is over. */
    knock(request: IncomingMessage): boolean {
      const { socket } = request;
      if (socket.destroyed) return false;
      const visit = arrivals.arrive(clientAddress(request), () => socket.destroy());
      if (visit) {
        visits.set(request, visit);
        socket.once('close', () => visit.gone());
        return true;
      }
      // Nobody else listens to it any more.
      socket.on('error', () => {});
      socket.end(`${TOO_MANY_REQUESTS}\r\n\r\n`, () => socket.destroy());
      return false;
    },
    /** A WebSocket has come of it. */
    opened(conn: Connection): void {
      const { request } = conn;
      const cut = () => {
        // Both: the former so that nothing more of it is heard, the latter because it may never answer a closing handshake.
        conn.close(true);
        request.socket.destroy();
      };
      conn.on('close', () => visits.get(request)?.over());
      // The edge lets nobody move to another connection, of which the visit would know nothing.
      conn.on('upgrading', cut);
      conn.on('upgrade', cut);
      const webSocket: unknown = Reflect.get(request, 'websocket');
      if (!(webSocket instanceof EventEmitter)) {
        // Nobody would count its control frames.
        cut();
        return;
      }
      const watched = { inlet: conn, controlInlet: webSocket, outflow: request.socket };
      watchFrames(watched, {
        limits,
        timers,
        refuse(limit) {
          report(limit);
          cut();
        },
      });
      webSocket.on('error', (error: { readonly code?: unknown }) => {
        if (error.code === TOO_LARGE) report('frameBytes');
      });
    },
    /** Why somebody may not come in, before their token is looked at. */
    refusal: (request: IncomingMessage) => counted(visits.get(request)?.refusal),
    /** Why this user, whose token is good, may not come in; otherwise they are in. */
    admitted: (request: IncomingMessage, user: string) => counted(visits.get(request)?.admitted(user)),
    /** The messages of a session that has begun. */
    limit(client: ClientHandlers, session: string, user: string): ClientHandlers {
      return limitMessages(client, {
        limits,
        timers,
        reached(limit) {
          metrics.count('client_messages_refused_total', { code: 'rate_limited' });
          report(limit, { session, user });
        },
      });
    },
  };

  function counted(refusal: ConnectionRefusedError | undefined) {
    if (refusal) metrics.count('connections_refused_total', { code: refusal.code });
    return refusal;
  }
}
