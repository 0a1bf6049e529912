import { randomBytes } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { createHeartbeat } from '../redis/heartbeat.js';
import { settleWithin } from '../redis/settle-within.js';
import { type Broker, BrokerUnavailableError } from './broker.js';
import { createInFlightLimit, type InFlightLimit } from './in-flight-limit.js';
import { createLiveListeners } from './live-listeners.js';
import { createNamePerMaster, onOneMaster } from './name-per-master.js';
import type { OpenRooms } from './open-rooms.js';
import { createRedisChannels } from './redis-channels.js';
import { createRedisLink } from './redis-link.js';
import { createRedisLog } from './redis-log.js';
import { redisNames } from './redis-names.js';
import { redisOpenRooms } from './redis-open-rooms.js';
import { createRedisSubscriptions } from './redis-subscriptions.js';
import { createWriteProbe } from './write-probe.js';

/** Settings of {@link createRedisBroker}. */
export interface RedisBrokerOptions {
  /** For the log, made by `redisCommands`. The caller closes it, after the broker. */
  readonly commands: Redis | Cluster;
  /** For the envelopes, made by `redisSubscriber` and used by this broker alone. The caller closes it. */
  readonly subscriber: Redis | Cluster;
  /** Before every key and channel; default `qc:`. The same in all processes of a deployment. */
  readonly prefix?: string;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/** A broker for any number of processes, which also knows the rooms that any of them has open. */
export interface RedisBroker extends Broker, OpenRooms {}

/** Longest wait for the log, in milliseconds: a cluster client tries several nodes, each with a timeout of its own. */
const LOG_TIMEOUT_MS = 4_000;

/** Longest that closing waits for the server to forget what was subscribed, in milliseconds. */
const CLOSE_WITHIN_MS = 1_000;

/** Longest wait for a turn, in milliseconds; reads of 100,000 rooms take less on a server that is well. */
const MAX_WAIT_MS = 10_000;

/**
 * Most appends under way at a time: a publish to thousands of rooms must neither time out in its own queue nor keep the
 * reads of sessions waiting behind all of it.
 */
const MAX_APPENDS_IN_FLIGHT = 500;

/** Most reads of what was missed under way at a time: every open room asks at once when the server is back. */
const MAX_READS_IN_FLIGHT = 500;

/** The same of reads that only want the position, which REST responses wait for: they do not queue behind the others. */
const MAX_POSITION_READS_IN_FLIGHT = 200;

/**
 * Creates a broker for any number of processes, on Redis 7+ or Valkey: one server, one behind Sentinels, or a cluster.
 * Rooms outlive the processes; a room's epoch changes whenever the server may have lost acknowledged writes. One sharded
 * subscription per open room: a process hears nothing of other rooms. Throws a `TypeError` for a cluster client without
 * `shardedSubscribers`.
 *
 * @example
 * const target = { url: 'redis://127.0.0.1:6379' };
 * const broker = createRedisBroker({ commands: redisCommands(target), subscriber: redisSubscriber(target) });
 */
export function createRedisBroker(options: RedisBrokerOptions): RedisBroker {
  const { commands, subscriber, prefix = 'qc:', logger = silentLogger, metrics = noMetrics } = options;
  leaveSubscribingToUs(subscriber);
  const log = createRedisLog({ commands, prefix, logger, metrics });
  const { openRooms } = redisOpenRooms({ commands, prefix });
  const names = redisNames(prefix);
  const channels = createRedisChannels(subscriber);
  const subscriptions = createRedisSubscriptions({ subscriber, channels, names, logger, metrics });
  const heartbeat = createHeartbeat({
    subscriber,
    isSharded: true,
    send: (channel, beat) => commands.spublish(channel, beat),
    connection: 'log',
    areTogether: onOneMaster(subscriber),
    metrics,
  });
  const node = randomBytes(6).toString('hex');
  const beatsOf = createNamePerMaster((n) => names.beat(node, n));
  /** One channel at each master: each is a connection of its own. */
  let beats: readonly string[] = [];
  const listeners = createLiveListeners({ logger, metrics });
  const link = createRedisLink({
    commands,
    subscriber,
    renew: () =>
      channels.renew(() => {
        beats = beatsOf(subscriber);
        return [...beats, ...subscriptions.open()];
      }),
    proveWritable: createWriteProbe(commands, prefix),
    proveHearing: () => heartbeat.beat(beats),
    onChange(live, incarnation) {
      if (!live) subscriptions.lose();
      listeners.tell(live, incarnation);
    },
    logger,
    metrics,
  });
  const appends = createInFlightLimit(MAX_APPENDS_IN_FLIGHT, { maxWaitMs: MAX_WAIT_MS });
  const reads = createInFlightLimit(MAX_READS_IN_FLIGHT, { maxWaitMs: MAX_WAIT_MS });
  const positionReads = createInFlightLimit(MAX_POSITION_READS_IN_FLIGHT, { maxWaitMs: MAX_WAIT_MS });
  let closed = false;

  /** Whatever went wrong between here and the server is one thing to the caller. Waiting for a turn is no silence. */
  async function available<T>(ask: () => Promise<T>, limit: InFlightLimit = atOnce): Promise<T> {
    try {
      return await limit(() => {
        if (closed) throw new Error('the broker is closed');
        return settleWithin(LOG_TIMEOUT_MS, ask());
      });
    } catch (cause) {
      throw new BrokerUnavailableError({ cause });
    }
  }

  return {
    append: (append) => available(() => log.append(append), appends),
    read: (room, since) => available(() => log.read(room, since), since === undefined ? positionReads : reads),
    async subscribe(room, deliver) {
      if (!link.live) throw new BrokerUnavailableError();
      return await available(() => subscriptions.subscribe(room, deliver));
    },
    onLive: listeners.add,
    async openRooms(rooms) {
      // Of a server that has just come back nodes subscribe anew: it would call open rooms closed.
      if (!link.live) throw new BrokerUnavailableError();
      return await available(() => openRooms(rooms));
    },
    async close() {
      if (closed) return;
      closed = true;
      link.close();
      heartbeat.close();
      // As with the rooms: a lost connection has forgotten them by itself.
      const beatsLeft = beats.map((channel) => channels.unsubscribe([channel]).catch(() => undefined));
      // The owner of the connection closes it next, which ends what a server that hangs was not told.
      await settleWithin(CLOSE_WITHIN_MS, Promise.all([subscriptions.close(), ...beatsLeft])).catch((err: unknown) => {
        metrics.count('broker_unsubscribe_errors_total');
        logger.warn({ err }, 'broker closed before the server had forgotten its channels');
      });
      listeners.clear();
    },
  };
}

const atOnce: InFlightLimit = (task) => task();

/**
 * The client must not subscribe again by itself what the broker subscribes: it waits for no answer, and it would bring
 * back rooms that were closed while the server was away. What was under way fails at once instead of being repeated.
 */
function leaveSubscribingToUs(subscriber: Redis | Cluster): void {
  if ('nodes' in subscriber) {
    if (subscriber.options.shardedSubscribers) return;
    throw new TypeError('a cluster client needs shardedSubscribers: true, or no envelope ever arrives');
  }
  subscriber.options.autoResubscribe = false;
  subscriber.options.autoResendUnfulfilledCommands = false;
  subscriber.options.maxRetriesPerRequest = 0;
}
