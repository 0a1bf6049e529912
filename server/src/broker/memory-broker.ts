import { randomBytes } from 'node:crypto';
import { ID_RETENTION_MS, LOG_RETENTION_MS, type Room } from '@querycast/protocol';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { type Append, type Appended, type Broker, BrokerUnavailableError } from './broker.js';
import { createExpiringMap } from './expiring-map.js';
import { freezeKeys } from './frozen-keys.js';
import { createLiveListeners } from './live-listeners.js';
import { createLocalDelivery } from './local-delivery.js';
import type { OpenRooms } from './open-rooms.js';
import { createRoomLog, type RoomLog } from './room-log.js';

/** Settings of {@link createMemoryBroker}. */
export interface MemoryBrokerOptions {
  /** Milliseconds since 1970; default `Date.now`. Stamps envelopes and ages rooms and ids. */
  readonly clock?: () => number;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/** A broker inside one process. */
export interface MemoryBroker extends Broker, OpenRooms {
  /** What it holds in memory now: rooms, the distinct query keys in all their logs, and remembered ids. */
  size(): { readonly rooms: number; readonly entries: number; readonly ids: number };
}

/**
 * Creates a broker for a single process, with every guarantee of the port except outliving the process: after a restart
 * rooms have new epochs, so an older position answers `resync`. Memory grows with distinct query keys and rooms within
 * retention (7 days untouched), and with ids within theirs (10 minutes); never with traffic as such.
 *
 * @example
 * const broker = createMemoryBroker();
 * const { position } = await broker.append({ room: 'parent:42', keys: [['parent-dashboard']] });
 */
export function createMemoryBroker(options: MemoryBrokerOptions = {}): MemoryBroker {
  const { clock = Date.now, logger = silentLogger, metrics = noMetrics } = options;
  const incarnation = randomBytes(20).toString('hex');
  const logs = createExpiringMap<Room, RoomLog>({ lifetimeMs: LOG_RETENTION_MS, clock });
  const ids = createExpiringMap<string, true>({ lifetimeMs: ID_RETENTION_MS, clock });
  const delivery = createLocalDelivery({ logger, metrics });
  const listeners = createLiveListeners({ logger, metrics });
  listeners.tell(true, incarnation);
  let live = true;

  function assertLive(): void {
    if (!live) throw new BrokerUnavailableError();
  }

  /** The room's log, made when missing; its retention starts anew. */
  function touch(room: Room): RoomLog {
    const log = logs.get(room) ?? createRoomLog(randomBytes(12).toString('hex'));
    logs.set(room, log);
    return log;
  }

  function appendNow({ room, keys, ...rest }: Append): Appended {
    const log = touch(room);
    // No room holds a space, so the name is unambiguous.
    const name = rest.id === undefined ? undefined : `${room} ${rest.id}`;
    // A repetition does not prolong the memory of its id.
    if (name !== undefined && ids.get(name)) return { position: log.position, incarnation };
    // A copy, as a server across the network would hold: the caller may change its arrays afterwards.
    const frozen = freezeKeys(keys);
    const { prev, position } = log.append(frozen);
    if (name !== undefined) ids.set(name, true);
    delivery.send({ room, prev, position, keys: [...frozen.keys], at: clock(), ...rest });
    return { position, incarnation };
  }

  return {
    async append(append) {
      assertLive();
      return appendNow(append);
    },
    async read(room, since) {
      assertLive();
      return { ...touch(room).read(since), incarnation };
    },
    async subscribe(room, deliver) {
      assertLive();
      const unsubscribe = delivery.subscribe(room, deliver);
      return async () => unsubscribe();
    },
    onLive: listeners.add,
    async openRooms(rooms) {
      assertLive();
      return new Set(rooms.filter(delivery.isOpen));
    },
    async close() {
      if (!live) return;
      live = false;
      delivery.close();
      listeners.tell(false);
      listeners.clear();
    },
    size() {
      const held = logs.held();
      return { rooms: held.length, entries: held.reduce((sum, log) => sum + log.entries, 0), ids: ids.held().length };
    },
  };
}
