import { randomBytes } from 'node:crypto';
import { createShardedAdapter } from '@socket.io/redis-adapter';
import type { Cluster, Redis } from 'ioredis';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { standHeartbeat } from '../redis/standing-heartbeat.js';
import { standSubscription } from '../redis/standing-subscription.js';
import { readPeerMessage } from './peer-message.js';
import { HEARING_EVENT, type SocketIoAdapter } from './socket-io.js';

/** Settings of {@link redisAdapter}. */
export interface RedisAdapterOptions {
  /** Publishes. Stays its owner's. */
  readonly commands: Redis | Cluster;
  /** Hears the other nodes; of this gateway alone. Stays its owner's. */
  readonly subscriber: Redis | Cluster;
  /** Prefix of all channels; default `qc:`. */
  readonly prefix?: string;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

type MessageHandler = (message: Buffer, channel: Buffer) => void;

/**
 * Connects gateways on the same Redis, for `createGateway({ adapter })`: evictions reach the sockets of every node.
 * Frames never travel this way. Redis may be away at any time; the channels are joined again whenever it is back. Attaching
 * throws a `TypeError` when a Redis door or another gateway uses the subscriber.
 *
 * @example
 * createGateway({ broker, authenticate, roomsOf, adapter: redisAdapter({ commands, subscriber }) }).attach(server);
 */
export function redisAdapter(options: RedisAdapterOptions): SocketIoAdapter {
  const { prefix = 'qc:' } = options;
  // Static: joining and leaving rooms costs no command. No room is named so, and one slot holds all of its channels.
  const settings = { subscriptionMode: 'static', channelPrefix: `${prefix}control:{nodes}` } as const;
  /** In the slot of the others, and so on their connection. */
  const beatChannel = `${settings.channelPrefix}:beat:${randomBytes(6).toString('hex')}`;
  // Socket.IO calls it with `new`, which only a function of this form takes.
  function adapterOf(namespace: unknown) {
    const hearing = hearingSide(options, beatChannel, () => adapter.emit(HEARING_EVENT));
    const adapter = createShardedAdapter(publishingSide(options.commands), hearing, settings)(namespace);
    return adapter;
  }
  return adapterOf;
}

/**
 * The adapter drops the promises of its subscriptions, so that a Redis that is away would end the process. It takes
 * clients of two kinds: these are of the kind named `redis`, and no promise of theirs rejects unheard.
 */
function publishingSide(commands: Redis | Cluster) {
  return {
    /** Tells the kind. */
    sSubscribe() {},
    sPublish: (channel: string, message: string | Buffer) => commands.spublish(channel, message),
    async sendCommand(command: readonly ['PUBSUB', 'SHARDNUMSUB', string]): Promise<[string, number]> {
      const [name, ...rest] = command;
      const nodes = 'nodes' in commands ? commands.nodes('master') : [commands];
      // Of a cluster, only the master that holds the channel's slot counts anyone.
      const answers = await Promise.all(nodes.map((node) => node.call(name, ...rest)));
      return [command[2], answers.reduce((sum: number, answer) => sum + subscribersIn(answer), 0)];
    },
  };
}

function subscribersIn(answer: unknown): number {
  return Array.isArray(answer) ? Number(answer[1]) : 0;
}

function hearingSide(options: RedisAdapterOptions, beatChannel: string, onHearing: () => void) {
  const { commands, subscriber, logger = silentLogger, metrics = noMetrics } = options;
  const ends = new Map<string, () => Promise<void>>();
  const standing = new Set<string>();
  let endBeats: (() => Promise<void>) | undefined;

  /** Of the two channels one carries questions and one answers: without the second, asking is in vain. */
  function stands(channel: string): void {
    standing.add(channel);
    if (standing.size < ends.size) return;
    standing.clear();
    onHearing();
  }

  function refuse(rule: string): void {
    metrics.count('peer_messages_refused_total');
    logger.warn({ rule }, 'message of another node refused');
  }

  return {
    sSubscribe(channel: string, handler: MessageHandler): void {
      const hear = (from: Buffer, message: Buffer) => {
        if (from.toString() !== channel) return;
        const rule = readPeerMessage(message);
        if (rule === undefined) handler(message, from);
        else refuse(rule);
      };
      const end = standSubscription({
        client: subscriber,
        channel,
        isSharded: true,
        onStanding: () => stands(channel),
        onFailure(err) {
          metrics.count('subscribe_errors_total', { channel: 'control' });
          logger.warn({ channel, err }, 'control channel could not be joined');
        },
      });
      endBeats ??= standHeartbeat({
        client: subscriber,
        channel: beatChannel,
        isSharded: true,
        send: (to, beat) => commands.spublish(to, beat),
        connection: 'control',
        logger,
        metrics,
      });
      // After what may throw; nothing is heard in between.
      subscriber.on('smessageBuffer', hear);
      ends.set(channel, async () => {
        subscriber.off('smessageBuffer', hear);
        await end();
      });
    },
    sUnsubscribe(channel: string): void {
      // Never rejects.
      void ends.get(channel)?.();
      ends.delete(channel);
      if (ends.size > 0) return;
      void endBeats?.();
      endBeats = undefined;
    },
  };
}
