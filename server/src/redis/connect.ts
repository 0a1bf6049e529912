import { Cluster, Command, type CommonRedisOptions, Redis } from 'ioredis';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { parseRedisUrl, type RedisAddress, RedisAddressError, type RedisTarget } from './redis-target.js';
import { watchConnection } from './watch-connection.js';
import { watchMaster } from './watch-master.js';

/** Settings of {@link redisCommands} and {@link redisSubscriber}. */
export interface RedisClientOptions {
  /** What the server is for, such as `log`: for log lines and metrics; default empty. From a closed set. */
  readonly name?: string;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/** Longest wait for an answer, in milliseconds; a session waits for it. */
const COMMAND_TIMEOUT_MS = 2_000;

/** A connection with a question open and no byte for so long, in milliseconds, is dead: drop it and connect anew. */
const SILENCE_TIMEOUT_MS = 3_000;

/** Default port of Sentinels. */
const SENTINEL_PORT = 26_379;

/** What both kinds of connection have in common. */
const SHARED = {
  connectTimeout: 2_000,
  socketTimeout: SILENCE_TIMEOUT_MS,
  // A hung server does not close its end either; this is how long a polite end may take.
  disconnectTimeout: 200,
  // A server that loads its data says so; the client's default is to ask again after as long as it estimates.
  maxLoadingRetryTime: 500,
  // The answer of a master that was demoted meanwhile: the address leads to another one by now, or will.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies CommonRedisOptions & { disconnectTimeout: number };

/** Without automatic pipelining: measured at 1,000 scripts at once, it saves system calls and costs more of ours. */
const COMMANDS = {
  ...SHARED,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // Fail at once when the connection is lost, and never send again: only the caller knows whether that is safe. With
  // more than 0 retries a command lost in flight would hang until its timeout.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
} satisfies CommonRedisOptions;

/** Subscriptions wait for the server for as long as it takes, and so without a timeout for their commands. */
const SUBSCRIBER = { ...SHARED, enableOfflineQueue: true, maxRetriesPerRequest: null } satisfies CommonRedisOptions;

type ClusterTarget = Extract<RedisTarget, { readonly cluster: readonly string[] }>;

type Tuning = typeof COMMANDS | typeof SUBSCRIBER;

/**
 * Connects for commands: fails fast while the server is away, goes on trying to reach it, and never repeats a command
 * by itself. A server that is not there yet is no error. The caller ends it with `disconnect()`. Throws
 * `RedisAddressError` for a malformed target.
 *
 * @example
 * const commands = redisCommands({ url: 'redis://127.0.0.1:6379' }, { logger });
 */
export function redisCommands(target: RedisTarget, options: RedisClientOptions = {}): Redis | Cluster {
  return connect('commands', target, COMMANDS, options);
}

/**
 * Connects for subscriptions: what was subscribed while the server was away waits for it, and what stood before a loss
 * is subscribed again. Otherwise as {@link redisCommands}.
 */
export function redisSubscriber(target: RedisTarget, options: RedisClientOptions = {}): Redis | Cluster {
  return settleSilently(connect('subscriber', target, SUBSCRIBER, options));
}

function connect(role: string, target: RedisTarget, tuning: Tuning, options: RedisClientOptions): Redis | Cluster {
  const { name = '', logger = silentLogger, metrics = noMetrics } = options;
  const labels = { name, role };
  const client =
    'cluster' in target ? connectCluster(target.cluster, tuning) : connectOne(target, tuning, { labels, logger });
  watchConnection({ client, labels, logger, metrics });
  return client;
}

function connectOne(
  target: Exclude<RedisTarget, ClusterTarget>,
  tuning: Tuning,
  told: { readonly labels: Readonly<Record<string, string>>; readonly logger: Logger },
): Redis {
  const common = { ...tuning, retryStrategy: retryDelayMs };
  if ('url' in target) return new Redis({ ...common, ...parseRedisUrl(target.url) });
  const [first, ...rest] = target.sentinels.map((url) => parseRedisUrl(url, SENTINEL_PORT));
  if (!first) throw new RedisAddressError('no Sentinel is named');
  const sentinels = [first, ...rest].map(({ host, port }) => ({ host, port }));
  const master = watchMaster({
    name: target.name,
    connectSentinels: () => sentinels.map((address) => connectSentinel(address, first)),
    ...told,
  });
  const client = new Redis({
    ...common,
    ...credentials(first),
    name: target.name,
    sentinels,
    natMap: master.redirect,
    ...(first.username === undefined ? {} : { sentinelUsername: first.username }),
    ...(first.password === undefined ? {} : { sentinelPassword: first.password }),
    ...(first.tls === undefined ? {} : { sentinelTLS: first.tls, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    sentinelRetryStrategy: retryDelayMs,
    // Not the client's own listening for failovers: one told of while it connects would end it for good.
  });
  master.follow(client);
  return client;
}

/** For one question: it neither connects again nor outlives its timeouts. */
function connectSentinel(address: { readonly host: string; readonly port: number }, first: RedisAddress): Redis {
  const { db: _db, ...access } = credentials(first);
  const sentinel = new Redis({
    ...SHARED,
    ...access,
    ...address,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableReadyCheck: false,
    retryStrategy: () => null,
    // Maps would come as objects.
    protocol: 2,
  });
  // Whoever asks hears of it by the rejection; the event would end the process.
  sentinel.on('error', () => undefined);
  return sentinel;
}

function connectCluster(urls: readonly string[], { enableOfflineQueue, ...tuning }: Tuning): Cluster {
  const addresses = urls.map((url) => parseRedisUrl(url));
  const [first] = addresses;
  if (!first) throw new RedisAddressError('no node of the cluster is named');
  return new Cluster(
    addresses.map(({ host, port }) => ({ host, port })),
    {
      // Else sharded messages never arrive. Only those connect that have something to hear.
      shardedSubscribers: true,
      enableOfflineQueue,
      redisOptions: { ...tuning, ...credentials(first) },
      clusterRetryStrategy: retryDelayMs,
      // 0: a command whose connection was lost is not sent again.
      retryDelayOnFailover: 0,
      slotsRefreshTimeout: 2_000,
      // Also what finds a slot that moved while nobody sent a command to it.
      slotsRefreshInterval: 2_000,
      // Nodes of a TLS cluster are addressed by name, and certificates are checked against it.
      ...(first.tls === undefined ? {} : { dnsLookup: (name, callback) => callback(null, name) }),
    },
  );
}

/** The slot of a cluster that a key lives in. */
export function slotOf(key: string): number {
  return new Command('GET', [key]).getSlot();
}

function credentials({ host: _host, port: _port, ...rest }: RedisAddress): Omit<RedisAddress, 'host' | 'port'> {
  return rest;
}

/** Half of it random: after a restart not every process comes at the same moment. Never more than a second. */
function retryDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), 1_000) * (0.5 + Math.random() / 2);
}

/**
 * The client subscribes again by itself without waiting for the answer: if the connection is lost once more just then,
 * that promise rejects with nobody listening, which would end the process. The next connection repeats it anyway.
 */
function settleSilently(client: Redis | Cluster): Redis | Cluster {
  // A cluster client listens to these itself.
  if (client instanceof Cluster) return client;
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    const answer = send(command, stream);
    Promise.resolve(answer).catch(() => undefined);
    return answer;
  };
  return client;
}
