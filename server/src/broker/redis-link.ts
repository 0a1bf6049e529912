import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { checkRedis, type RedisFinding } from '../redis/check-redis.js';
import { BEAT_INTERVAL_MS, DeafError } from '../redis/heartbeat.js';
import { parseServerInfo, type ServerInfo } from '../redis/server-info.js';
import { settleWithin } from '../redis/settle-within.js';
import { masterNodes } from './master-nodes.js';
import { watchSlots } from './watch-slots.js';

/** Whether both connections reach one and the same master, every subscription stands, and what is published is heard. */
export interface RedisLink {
  readonly live: boolean;
  /** Stops watching; says that it is not live any more. Idempotent. */
  close(): void;
}

/** Longest wait for a server to say who it is, in milliseconds. */
const LOOK_TIMEOUT_MS = 2_000;

/** Before trying again to make everything stand, in milliseconds. */
const RETRY_MS = 250;

/** Between two attempts to get better connections under the same address, in milliseconds. */
const RECONNECT_MS = 2_000;

/** A server is reachable but is not the one to work with; the connections are to be made anew. */
class WrongServerError extends Error {
  readonly code = 'wrong_server';
}

/**
 * Watches the two connections of a broker. Says live only after both answered as the same master, `renew` resolved and a
 * beat was heard, and not live as soon as either is lost or a beat is missed. A cluster's nodes may change without a
 * loss: that counts as one.
 */
export function createRedisLink(options: {
  readonly commands: Redis | Cluster;
  readonly subscriber: Redis | Cluster;
  /** Makes every subscription stand on the present connection. */
  readonly renew: () => Promise<void>;
  /** Both connections are up, and everything stands; or not. */
  readonly onChange: (live: boolean, incarnation?: string) => void;
  /** Rejects when a master takes no writes now, and so no appends: too few replicas, memory or disk full. */
  readonly proveWritable: () => Promise<void>;
  /** Rejects with a {@link DeafError} when what is published does not arrive on the subscriber. */
  readonly proveHearing: () => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): RedisLink {
  const { commands, subscriber, renew, onChange, proveWritable, proveHearing, logger, metrics } = options;
  let incarnation: string | undefined;
  let live = false;
  let closed = false;
  /** Grows with every loss: what was proven before proves nothing any more. */
  let generation = 0;
  let healing = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let told: string | undefined;
  let reconnectAfter = 0;
  const reported = new Set<RedisFinding['code']>();

  function disturb(): void {
    if (closed) return;
    generation += 1;
    if (live) {
      live = false;
      reported.clear();
      logger.warn({}, 'broker away');
      onChange(false);
    }
    void heal();
  }

  function reachable(): boolean {
    return commands.status === 'ready' && subscriber.status === 'ready';
  }

  /** One at a time; whatever happens meanwhile makes it start over. */
  async function heal(): Promise<void> {
    clearTimeout(retry);
    if (healing || live || closed || !reachable()) return;
    healing = true;
    const started = generation;
    try {
      await check();
      const present = await sameMaster(commands, subscriber);
      await proveWritable();
      await renew();
      await proveHearing();
      if (generation === started && reachable() && !closed) stand(present);
    } catch (error) {
      if (generation === started && !closed) refuse(error);
    } finally {
      healing = false;
      if (!live && !closed) retry = setTimeout(() => void heal(), generation === started ? RETRY_MS : 0).unref();
    }
  }

  function stand(present: string): void {
    incarnation = present;
    live = true;
    told = undefined;
    logger.info({}, 'broker live');
    onChange(true, present);
  }

  /** Not live, with a reason other than a lost connection. */
  function refuse(error: unknown): void {
    const message = error instanceof Error ? error.message : 'unknown';
    if (message !== told) logger.warn({ message }, 'broker not live yet');
    told = message;
    // The address may lead to another server by now. The client of a cluster keeps up with its nodes by itself.
    if (error instanceof WrongServerError) reconnect([commands, subscriber].filter((client) => !client.isCluster));
    // It believes that all is well: nothing but a new connection is sure to hear.
    if (error instanceof DeafError) reconnect([subscriber]);
  }

  function reconnect(clients: readonly (Redis | Cluster)[]): void {
    if (performance.now() < reconnectAfter) return;
    reconnectAfter = performance.now() + RECONNECT_MS;
    for (const client of clients) if (client.status === 'ready') client.disconnect(true);
  }

  async function check(): Promise<void> {
    const { refusals, warnings } = await checkRedis(commands, { timeoutMs: LOOK_TIMEOUT_MS });
    report(refusals.length > 0 ? 'error' : 'warn', [...refusals, ...warnings]);
    const [refusal] = refusals;
    if (refusal) throw new WrongServerError(refusal.message);
  }

  /** Once per connection and finding, not at every attempt. */
  function report(level: 'error' | 'warn', findings: readonly RedisFinding[]): void {
    for (const { code, message } of findings) {
      if (reported.has(code)) continue;
      reported.add(code);
      metrics.count('broker_server_findings_total', { finding: code });
      logger[level]({ finding: code }, message);
    }
  }

  /** Notices what no event tells: a server that became another one or takes no writes, two masters, deafness. */
  async function look(): Promise<void> {
    if (!live) return;
    const started = generation;
    try {
      // Not behind the beat, which takes longer on a connection that is behind.
      const compared = sameMaster(commands, subscriber).then((present) => {
        if (generation === started && present !== incarnation) disturb();
      });
      await Promise.all([compared, proveWritable(), proveHearing()]);
    } catch (error) {
      if (generation !== started || closed) return;
      disturb();
      refuse(error);
    }
  }

  const timer = setInterval(() => void look(), BEAT_INTERVAL_MS);
  timer.unref();
  const unwatch = [
    watch(commands, CONNECTION_EVENTS, disturb),
    watch(subscriber, CONNECTION_EVENTS, disturb),
    watch(subscriber, NODE_EVENTS, () => void look()),
    'nodes' in subscriber ? watchSlots(subscriber, disturb) : () => undefined,
  ];
  void heal();

  return {
    get live() {
      return live;
    },
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      clearTimeout(retry);
      for (const end of unwatch) end();
      const wasLive = live;
      live = false;
      if (wasLive) onChange(false);
    },
  };
}

const CONNECTION_EVENTS = ['ready', 'close', 'end', 'reconnecting'];

/** After these the masters of a cluster may be others; or a replica came or went, which concerns nobody here. */
const NODE_EVENTS = ['+node', '-node'];

function watch(client: Redis | Cluster, events: readonly string[], listen: () => void): () => void {
  for (const event of events) client.on(event, listen);
  return () => {
    for (const event of events) client.off(event, listen);
  };
}

/** The incarnation of the master that both clients reach. Rejects when it is none, or not the same. */
async function sameMaster(commands: Redis | Cluster, subscriber: Redis | Cluster): Promise<string> {
  const [ours, theirs] = await Promise.all([mastersOf(commands), mastersOf(subscriber)]);
  if (ours !== theirs) throw new WrongServerError('the two connections lead to different servers');
  return ours;
}

async function mastersOf(client: Redis | Cluster): Promise<string> {
  const lives = (await Promise.all(masterNodes(client).map(askServer))).map(incarnationOf);
  const [only] = lives;
  if (!client.isCluster && only !== undefined) return only;
  // One name for the lives of all masters: another one when any of them was replaced.
  return createHash('sha1').update(lives.sort().join()).digest('hex');
}

async function askServer(client: Redis): Promise<ServerInfo> {
  return parseServerInfo(await settleWithin(LOOK_TIMEOUT_MS, client.info('replication')));
}

function incarnationOf({ role, incarnation }: ServerInfo): string {
  if (role !== 'master' || incarnation === undefined) throw new WrongServerError('the server is not a master');
  return incarnation;
}
