import type { Envelope, Room } from '@querycast/protocol';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { settleWithin } from '../redis/settle-within.js';
import { createLocalDelivery } from './local-delivery.js';
import { parseEnvelope } from './parse-envelope.js';
import { redisNames } from './redis-names.js';

/** One sharded subscription per open room, shared by all subscribers of this process. */
export interface RedisSubscriptions {
  /** Resolves once the server confirmed. Rejects when it did not, or when the connection was lost meanwhile. */
  subscribe(room: Room, deliver: (envelope: Envelope) => void): Promise<() => Promise<void>>;
  /**
   * Subscribes every open room on the present connection, and whatever the client still holds for closed ones not.
   * Rejects when the server did not confirm all of them.
   */
  renew(): Promise<void>;
  /** Says that what stood may stand no longer: subscriptions under way reject. */
  lose(): void;
  /** Asks the server something on the connection of an open room, another one from call to call. Changes nothing. */
  probe(): Promise<void>;
  /** Drops every subscriber and subscription, as far as the server can be reached. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** A room that somebody here subscribed to, or is about to. */
interface OpenRoom {
  subscribers: number;
  /** Settles with the server's answer. */
  readonly confirmed: Promise<void>;
}

/** Longest wait for the server to confirm, in milliseconds. */
const CONFIRM_TIMEOUT_MS = 3_000;

/** Rooms renewed by one command; a cluster takes one each, because rooms live in different slots. */
const RENEW_BATCH = 128;

/** Creates subscriptions on a client that nobody else uses. */
export function createRedisSubscriptions(options: {
  readonly subscriber: Redis | Cluster;
  readonly prefix: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): RedisSubscriptions {
  const { subscriber, prefix, logger, metrics } = options;
  const { channel: channelOf } = redisNames(prefix);
  const delivery = createLocalDelivery({ logger, metrics });
  const rooms = new Map<Room, OpenRoom>();
  /** By channel, what to do with a message; also rooms whose end the server has not confirmed yet. */
  const channels = new Map<string, Room>();
  /**
   * What the client of a cluster holds. It subscribes that again by itself whenever slots move, and a repetition makes
   * its list longer each time, so it is told to forget a room before it is told again.
   */
  const held = new Set<string>();
  /** Grows when the connection is lost: what was confirmed before proves nothing any more. */
  let connection = 0;
  let cursor = rooms.keys();

  subscriber.on('smessage', receive);

  function receive(channel: string, message: string): void {
    metrics.count('broker_messages_total');
    const room = channels.get(channel);
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

  async function send(command: 'ssubscribe' | 'sunsubscribe', names: readonly string[]): Promise<void> {
    // A client that is away would keep it for later, when it may no longer be wanted.
    if (subscriber.status !== 'ready') throw new Error('the connection for subscriptions is away');
    const hold = () => {
      if (subscriber.isCluster) for (const name of names) held.add(name);
    };
    if (command === 'ssubscribe') hold();
    // Before the answer: the room may be opened again until that comes.
    else for (const name of names) held.delete(name);
    try {
      await settleWithin(CONFIRM_TIMEOUT_MS, subscriber[command](...names));
    } catch (error) {
      // It may never have come to the point of forgetting.
      if (command === 'sunsubscribe') hold();
      throw error;
    }
  }

  function open(room: Room): OpenRoom {
    channels.set(channelOf(room), room);
    const opened = { subscribers: 0, confirmed: confirm(room) };
    rooms.set(room, opened);
    return opened;
  }

  async function confirm(room: Room): Promise<void> {
    const since = connection;
    await send('ssubscribe', [channelOf(room)]);
    if (since !== connection) throw new Error('the connection for subscriptions was lost');
  }

  /** One subscriber less; after the last the server hears of it. */
  async function leave(room: Room, left: OpenRoom): Promise<void> {
    left.subscribers -= 1;
    if (left.subscribers > 0 || rooms.get(room) !== left) return;
    rooms.delete(room);
    const since = connection;
    try {
      await send('sunsubscribe', [channelOf(room)]);
    } catch (error) {
      // A lost connection has forgotten the room. Otherwise messages go on to come: dropped, counted as stray.
      if (since === connection) {
        metrics.count('broker_unsubscribe_errors_total');
        logger.warn({ room, error }, 'room not unsubscribed');
      }
    }
    if (!rooms.has(room)) channels.delete(channelOf(room));
  }

  return {
    async subscribe(room, deliver) {
      const present = rooms.get(room) ?? open(room);
      present.subscribers += 1;
      try {
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
    async renew() {
      if (subscriber.isCluster) await Promise.all([...held].map((name) => send('sunsubscribe', [name])));
      const batch = subscriber.isCluster ? 1 : RENEW_BATCH;
      const wanted = [...rooms.keys()];
      const renewals: Promise<void>[] = [];
      for (let from = 0; from < wanted.length; from += batch) {
        renewals.push(send('ssubscribe', wanted.slice(from, from + batch).map(channelOf)));
      }
      await Promise.all(renewals);
    },
    lose() {
      connection += 1;
    },
    async probe() {
      let room = cursor.next().value;
      if (room === undefined) {
        cursor = rooms.keys();
        room = cursor.next().value;
      }
      // A channel that never was: the answer only shows that the connection of its room lives.
      if (room !== undefined) await send('sunsubscribe', [`${channelOf(room)}:probe`]);
    },
    async close() {
      subscriber.off('smessage', receive);
      delivery.close();
      const open = [...rooms.keys()].map(channelOf);
      rooms.clear();
      channels.clear();
      // The client lives on; a connection that is lost has forgotten them by itself.
      await Promise.all(open.map((name) => send('sunsubscribe', [name]).catch(() => undefined)));
    },
  };
}
