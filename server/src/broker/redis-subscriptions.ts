import type { Envelope, Room } from '@querycast/protocol';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { createLocalDelivery } from './local-delivery.js';
import { parseEnvelope } from './parse-envelope.js';
import type { RedisChannels } from './redis-channels.js';
import type { RedisNames } from './redis-names.js';

/** One sharded subscription per open room, shared by all subscribers of this process. */
export interface RedisSubscriptions {
  /** Resolves once the server confirmed. Rejects when it did not, or when the connection was lost meanwhile. */
  subscribe(room: Room, deliver: (envelope: Envelope) => void): Promise<() => Promise<void>>;
  /** The channels of the rooms that are open, or are about to be: what must stand on every new connection. */
  open(): string[];
  /** Says that what stood may stand no longer: subscriptions under way reject. */
  lose(): void;
  /** Drops every subscriber and subscription, as far as the server can be reached. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** A room that somebody here subscribed to, or is about to. */
interface OpenRoom {
  subscribers: number;
  /** Settles with the latest answer of the server. */
  confirmed: Promise<void>;
  /** Whether somebody left while others stay: who comes back may do so because the server has forgotten the room. */
  isDoubted: boolean;
}

/** Creates subscriptions on a client that nobody else uses but its `channels`, and whoever hears the beats on it. */
export function createRedisSubscriptions(options: {
  readonly subscriber: Redis | Cluster;
  readonly channels: RedisChannels;
  readonly names: RedisNames;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): RedisSubscriptions {
  const { subscriber, channels, names, logger, metrics } = options;
  const { channel: channelOf, isBeat } = names;
  const delivery = createLocalDelivery({ logger, metrics });
  const rooms = new Map<Room, OpenRoom>();
  /** By channel, what to do with a message; also rooms whose end the server has not confirmed yet. */
  const heard = new Map<string, Room>();
  /** Grows when the connection is lost: what was confirmed before proves nothing any more. */
  let connection = 0;

  subscriber.on('smessage', receive);

  function receive(channel: string, message: string): void {
    if (isBeat(channel)) return;
    metrics.count('broker_messages_total');
    const room = heard.get(channel);
    if (room === undefined) {
      metrics.count('broker_stray_messages_total');
      return;
    }
    const envelope = parseEnvelope(message);
    if (envelope?.room !== room) {
      metrics.count('broker_malformed_total', { source: 'message' });
      logger.warn({ room, bytes: message.length }, 'broker message refused');
      return;
    }
    delivery.send(envelope);
  }

  function open(room: Room): OpenRoom {
    heard.set(channelOf(room), room);
    const opened = { subscribers: 0, confirmed: confirm(room), isDoubted: false };
    rooms.set(room, opened);
    return opened;
  }

  async function confirm(room: Room): Promise<void> {
    const since = connection;
    await channels.subscribe([channelOf(room)]);
    if (since !== connection) throw new Error('the connection for subscriptions was lost');
  }

  /** One subscriber less; after the last the server hears of it. */
  async function leave(room: Room, left: OpenRoom): Promise<void> {
    left.subscribers -= 1;
    left.isDoubted = true;
    if (left.subscribers > 0 || rooms.get(room) !== left) return;
    rooms.delete(room);
    const since = connection;
    try {
      await channels.unsubscribe([channelOf(room)]);
    } catch (error) {
      // A lost connection has forgotten the room. Otherwise messages go on to come: dropped, counted as stray.
      if (since === connection) {
        metrics.count('broker_unsubscribe_errors_total');
        logger.warn({ room, error }, 'room not unsubscribed');
      }
    }
    if (!rooms.has(room)) heard.delete(channelOf(room));
  }

  return {
    async subscribe(room, deliver) {
      const present = rooms.get(room) ?? open(room);
      present.subscribers += 1;
      try {
        if (present.isDoubted) {
          present.isDoubted = false;
          present.confirmed = confirm(room);
        }
        // Also of whoever comes while it is confirmed anew: before that nothing is certain to be heard.
        await present.confirmed;
      } catch (error) {
        // Not awaited: the caller waited long enough.
        void leave(room, present);
        throw error;
      }
      const end = delivery.subscribe(room, deliver);
      let ended = false;
      return async () => {
        if (ended) return;
        ended = true;
        end();
        await leave(room, present);
      };
    },
    open: () => [...rooms.keys()].map(channelOf),
    lose() {
      connection += 1;
    },
    async close() {
      subscriber.off('smessage', receive);
      delivery.close();
      // What is still under way of a room that was left has nothing more to tell.
      connection += 1;
      const open = [...rooms.keys()].map(channelOf);
      rooms.clear();
      heard.clear();
      // The client lives on; a connection that is lost has forgotten them by itself.
      await Promise.all(open.map((name) => channels.unsubscribe([name]).catch(() => undefined)));
    },
  };
}
