import { type Invalidation, type Position, type Room, reduceKeys } from '@querycast/protocol';
import type { Append, Appended, Broker } from '../broker/broker.js';
import { freezeKeys } from '../broker/frozen-keys.js';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { OUTBOX_ID_PREFIX } from './outbox-id.js';
import { parseInvalidation } from './parse-invalidation.js';
import { InvalidInvalidationError, PublishIncompleteError } from './publish-errors.js';

/** Where an invalidation came in; a label of the publisher's metrics. */
export type Door = 'typescript' | 'redis' | 'http' | 'outbox';

/** What a publish did, by room. */
export interface Published {
  /** The position of the invalidation in each room, or the room's present one when its `id` was appended before. */
  readonly positions: Readonly<Record<Room, Position>>;
  /** The life of the log's server that answered for each room; see `Appended`. */
  readonly incarnations: Readonly<Record<Room, string>>;
}

/** Says which query keys went stale for whom. */
export interface Publisher {
  /**
   * Appends the invalidation to every room's log: atomic per room, all rooms at once; repeated rooms count once and keys
   * that a shorter one covers are left out. Rejects with {@link InvalidInvalidationError}, having changed nothing, or
   * with {@link PublishIncompleteError}, when the broker did not answer for every room. `door` defaults to `typescript`.
   */
  invalidate(invalidation: Invalidation, options?: { readonly door?: Door }): Promise<Published>;
}

/** Settings of {@link createPublisher}. */
export interface PublisherOptions {
  readonly broker: Broker;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/**
 * Creates a publisher over a broker. It holds no resources: closing the broker is all there is to close.
 *
 * @example
 * const publisher = createPublisher({ broker });
 * await publisher.invalidate({ rooms: ['parent:42'], keys: [['parent-dashboard'], ['parent-children']] });
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const { broker, logger = silentLogger, metrics = noMetrics } = options;

  function refused(door: Door, error: InvalidInvalidationError | PublishIncompleteError): void {
    metrics.count('publish_refused_total', { door, code: error.code });
    const details =
      error instanceof InvalidInvalidationError
        ? { problems: error.problems }
        : { accepted: Object.keys(error.positions).length, failed: error.failedRooms.length, error: error.cause };
    // The relay tries again until it succeeds, and says itself that an outage begins and ends.
    const level = door === 'outbox' ? 'debug' : 'warn';
    logger[level]({ door, code: error.code, ...details }, 'publish refused');
  }

  return {
    async invalidate(invalidation, { door = 'typescript' } = {}) {
      try {
        const parsed = parseInvalidation(invalidation);
        if (door !== 'outbox') refuseOutboxId(parsed);
        const published = await appendToRooms(broker, parsed);
        metrics.count('publishes_total', { door });
        return published;
      } catch (error) {
        if (error instanceof InvalidInvalidationError || error instanceof PublishIncompleteError) refused(door, error);
        throw error;
      }
    },
  };
}

function refuseOutboxId({ id }: Invalidation): void {
  if (!id?.startsWith(OUTBOX_ID_PREFIX)) return;
  const message = `must not begin with ${OUTBOX_ID_PREFIX} as the ids of the outbox do`;
  throw new InvalidInvalidationError([{ path: 'id', message }]);
}

async function appendToRooms(broker: Broker, invalidation: Invalidation): Promise<Published> {
  const rooms = [...new Set(invalidation.rooms)];
  const share = shareOf(invalidation);
  const answers = await Promise.allSettled(rooms.map((room) => broker.append({ ...share, room })));
  return collect(rooms, answers);
}

/** What every room gets, keys prepared once for all of them; an absent field stays absent. */
function shareOf({ keys, id, reason, spreadMs }: Invalidation): Omit<Append, 'room'> {
  return {
    keys: freezeKeys(reduceKeys(keys)).keys,
    ...(id === undefined ? {} : { id }),
    ...(reason === undefined ? {} : { reason }),
    ...(spreadMs === undefined ? {} : { spreadMs }),
  };
}

/** Throws when a room failed: what the others answered travels with the error. */
function collect(rooms: readonly Room[], answers: readonly PromiseSettledResult<Appended>[]): Published {
  const positions: Record<Room, Position> = {};
  const incarnations: Record<Room, string> = {};
  const failures: { readonly room: Room; readonly reason: unknown }[] = [];
  for (const [index, room] of rooms.entries()) {
    const answer = answers[index];
    if (answer?.status === 'fulfilled') {
      positions[room] = answer.value.position;
      incarnations[room] = answer.value.incarnation;
    } else {
      failures.push({ room, reason: answer?.reason });
    }
  }
  if (failures.length === 0) return { positions, incarnations };
  const failedRooms = failures.map(({ room }) => room);
  throw new PublishIncompleteError(positions, failedRooms, { cause: failures[0]?.reason });
}
