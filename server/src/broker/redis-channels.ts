import type { Cluster, Redis } from 'ioredis';
import { settleWithin } from '../redis/settle-within.js';

/** The sharded channels that a client is subscribed to, on connections that come and go. */
export interface RedisChannels {
  /** Resolves once the server confirmed; rejects when it did not. In a cluster, channels of one slot. */
  subscribe(channels: readonly string[]): Promise<void>;
  /** The same for their end. */
  unsubscribe(channels: readonly string[]): Promise<void>;
  /**
   * Subscribes what is wanted on the present connections, and whatever else the client of a cluster still holds not.
   * Rejects when the server did not confirm all of them.
   */
  renew(wanted: () => readonly string[]): Promise<void>;
}

/** Longest wait for the server to confirm, in milliseconds. */
const CONFIRM_TIMEOUT_MS = 3_000;

/** Channels renewed by one command; a cluster takes one each, because they live in different slots. */
const RENEW_BATCH = 128;

/** Creates them for a client that nobody else uses. */
export function createRedisChannels(subscriber: Redis | Cluster): RedisChannels {
  /**
   * What the client of a cluster holds. It subscribes that again by itself whenever slots move, and a repetition makes
   * its list longer each time, so it is told to forget a channel before it is told again.
   */
  const held = new Set<string>();

  async function send(command: 'ssubscribe' | 'sunsubscribe', channels: readonly string[]): Promise<void> {
    // A client that is away would keep it for later, when it may no longer be wanted.
    if (subscriber.status !== 'ready') throw new Error('the connection for subscriptions is away');
    const hold = () => {
      if (subscriber.isCluster) for (const channel of channels) held.add(channel);
    };
    if (command === 'ssubscribe') hold();
    // Before the answer: the room may be opened again until that comes.
    else for (const channel of channels) held.delete(channel);
    try {
      await settleWithin(CONFIRM_TIMEOUT_MS, subscriber[command](...channels));
    } catch (error) {
      // It may never have come to the point of forgetting.
      if (command === 'sunsubscribe') hold();
      throw error;
    }
  }

  return {
    subscribe: (channels) => send('ssubscribe', channels),
    unsubscribe: (channels) => send('sunsubscribe', channels),
    async renew(wanted) {
      if (subscriber.isCluster) await Promise.all([...held].map((channel) => send('sunsubscribe', [channel])));
      const batch = subscriber.isCluster ? 1 : RENEW_BATCH;
      // Only now: rooms may have been left meanwhile.
      const channels = wanted();
      const renewals: Promise<void>[] = [];
      for (let from = 0; from < channels.length; from += batch) {
        renewals.push(send('ssubscribe', channels.slice(from, from + batch)));
      }
      await Promise.all(renewals);
    },
  };
}
