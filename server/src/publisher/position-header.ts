import { formatPositionHeader, POSITION_HEADER, type Position, type Room } from '@querycast/protocol';
import type { Request, RequestHandler, Response } from 'express';
import { type Broker, BrokerUnavailableError } from '../broker/broker.js';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';

/** Settings of {@link positionHeader}. */
export interface PositionHeaderOptions {
  readonly broker: Broker;
  /** The rooms of the viewer; none for a stranger, whose response gets no header. */
  readonly roomsOf: (request: Request) => readonly Room[];
  /** How long a request may wait for the broker, in milliseconds; default 250. */
  readonly timeoutMs?: number;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

const EXPOSE_HEADER = 'Access-Control-Expose-Headers';

/**
 * Creates Express middleware that sets `Querycast-Position` to the positions of the viewer's rooms, and exposes it
 * across origins. Mount it after authentication and before whatever reads a cache or a database: the positions are read
 * completely before the next handler runs, because a position older than the data is safe and a newer one never is.
 * When the broker does not answer in time the header is left out and the request goes on.
 *
 * @example
 * app.get('/api/parent/dashboard', positionHeader({ broker, roomsOf: (request) => [`parent:${userOf(request).id}`] }), show);
 */
export function positionHeader(options: PositionHeaderOptions): RequestHandler {
  const { broker, roomsOf, timeoutMs = 250, logger = silentLogger, metrics = noMetrics } = options;
  let omitting = false;

  /** Counted every time; said once per outage, not per request. */
  function omitted(error: unknown): void {
    metrics.count('position_header_omitted_total');
    const code = error instanceof BrokerUnavailableError ? error.code : undefined;
    logger[omitting ? 'debug' : 'warn']({ code, error, timeoutMs }, 'position header omitted');
    omitting = true;
  }

  function restored(): void {
    if (omitting) logger.info({}, 'position header restored');
    omitting = false;
  }

  return async (request, response, next) => {
    const rooms = roomsOf(request);
    if (rooms.length === 0) return next();
    try {
      const positions = await within(timeoutMs, readPositions(broker, rooms));
      response.set(POSITION_HEADER, formatPositionHeader(positions));
      expose(response);
      restored();
    } catch (error) {
      // Safe to go on without: the client then relies on when its fetch began, and refetches once too often at worst.
      omitted(error);
    }
    next();
  };
}

async function readPositions(broker: Broker, rooms: readonly Room[]): Promise<Record<Room, Position>> {
  const entries = rooms.map(async (room) => [room, (await broker.read(room)).position] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Rejects when the promise takes longer; what it does later is ignored. */
async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new BrokerUnavailableError()), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Adds to what other middleware exposes. */
function expose(response: Response): void {
  const present = response.get(EXPOSE_HEADER);
  response.set(EXPOSE_HEADER, present ? `${present}, ${POSITION_HEADER}` : POSITION_HEADER);
}
