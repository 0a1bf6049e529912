import type { Logger } from '@querycast/server';
import { createShardedAdapter } from '@socket.io/redis-adapter';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { trailSchema } from '../demo/trail-schema.js';
import type { SocketAdapter } from './backends.js';

/** Away from the gateway's channels, and under the prefix that access rules are about; one slot holds all of them. */
const CHANNELS = { channelPrefix: 'qc:demo:control:{nodes}', subscriptionMode: 'static' } as const;

/** Numbers of Socket.IO's own protocols: a message to the sockets of other nodes, and an event in it. */
const BROADCAST = 3;
const EVENT = 2;

/** Strict, because the adapter would follow every further word, such as one that asks it for answers. */
const comparisonMessage = z.strictObject({
  uid: z.string(),
  nsp: z.literal('/'),
  type: z.literal(BROADCAST),
  data: z.strictObject({
    packet: z.strictObject({
      type: z.literal(EVENT),
      data: z.union([z.tuple([z.literal('subject-changed')]), z.tuple([z.literal('travelled'), trailSchema])]),
    }),
    opts: z.strictObject({ rooms: z.array(z.string()), except: z.tuple([]), flags: z.strictObject({}) }),
  }),
});

/** Settings of {@link comparisonAdapter}; the clients stay their owner's. */
export interface ComparisonAdapterOptions {
  readonly commands: Redis | Cluster;
  /** Of the comparison alone. */
  readonly subscriber: Redis | Cluster;
  readonly logger: Logger;
}

/**
 * Connects the comparison's sockets on all nodes. Whoever emits through it while Redis is away reaches this node only.
 * What the comparison itself never says is refused: as a message of another process it would end this one.
 */
export function comparisonAdapter({ commands, subscriber, logger }: ComparisonAdapterOptions): SocketAdapter {
  // Not the client itself, of which the adapter drops promises: one that rejects would end the process.
  const hearing = {
    sSubscribe(channel: string, handler: (message: Buffer, channel: Buffer) => void): void {
      subscriber.on('smessageBuffer', (from: Buffer, message: Buffer) => {
        if (from.toString() !== channel) return;
        if (isOurs(message)) handler(message, from);
        else logger.warn({ channel }, 'message that the comparison never sends refused');
      });
      // Waits for a server that is away, and stands again after each loss: the client sees to both.
      subscriber.ssubscribe(channel).catch((err: unknown) => {
        logger.warn({ channel, err }, 'channel of the comparison could not be joined');
      });
    },
    // With the client, which serves nothing else.
    sUnsubscribe() {},
  };
  return createShardedAdapter(commands, hearing, CHANNELS);
}

function isOurs(message: Buffer): boolean {
  try {
    return comparisonMessage.safeParse(JSON.parse(message.toString())).success;
  } catch {
    // Not JSON.
    return false;
  }
}
