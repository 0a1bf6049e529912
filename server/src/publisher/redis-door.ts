import { randomBytes } from 'node:crypto';
import type { Invalidation } from '@querycast/protocol';
import type { Cluster, Redis } from 'ioredis';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { standHeartbeat } from '../redis/standing-heartbeat.js';
import { standSubscription } from '../redis/standing-subscription.js';
import { createDoorLimits, type Excess } from './door-limits.js';
import { InvalidInvalidationError, PublishIncompleteError } from './publish-errors.js';
import { MAX_PUBLISH_BYTES } from './publish-size.js';
import type { Publisher } from './publisher.js';

/** Settings of {@link redisDoor}. */
export interface RedisDoorOptions {
  /** Publishes what the door must hear of itself. Stays its owner's. */
  readonly commands: Redis | Cluster;
  /** Hears the channel; of this door alone. Stays its owner's. */
  readonly subscriber: Redis | Cluster;
  readonly publisher: Publisher;
  /** Messages per second that this process reads, before the rest of that second is refused; default 1,000. */
  readonly maxPerSecond?: number;
  /** Prefix of the channel `publish`; default `qc:`. */
  readonly prefix?: string;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/**
 * Opens the Redis door: whoever may publish to `qc:publish` invalidates, in any language. Every process with this door
 * hears a message and appends it; with an `id` the first append of each room wins. At most once, as Redis carries it: what
 * is published while nobody is connected is lost, and so is what is more than a node reads (`querycast_publish_refused_total`
 * with `rate_limited` or `overloaded`): a program that floods the channel must not keep the other doors waiting. The door
 * opens by itself whenever Redis is back. Throws a `TypeError` for a subscriber that an adapter or another door uses.
 *
 * @example
 * const door = redisDoor({ commands, subscriber, publisher });
 * // redis-cli PUBLISH qc:publish '{"id":"change-7","rooms":["parent:42"],"keys":[["parent-dashboard"]]}'
 */
export function redisDoor(options: RedisDoorOptions): { close(): Promise<void> } {
  const { commands, subscriber, publisher, prefix = 'qc:', logger = silentLogger, metrics = noMetrics } = options;
  const { maxPerSecond = 1_000 } = options;
  const channel = `${prefix}publish`;
  const limits = createDoorLimits(maxPerSecond);
  const rules: Readonly<Record<Excess, string>> = {
    too_large: `the message must have at most ${MAX_PUBLISH_BYTES} bytes: publish fewer rooms at once`,
    rate_limited: `at most ${maxPerSecond} messages per second, and the bytes of four of the largest: join rooms and keys into fewer`,
    overloaded:
      'the appends of earlier messages are still under way: publish fewer rooms at once, or over HTTP, which says when to wait',
  };
  const toldAt = new Map<string, number>();

  function refuse(code: Excess | 'bad_request', rule: string): void {
    metrics.count('publish_refused_total', { door: 'redis', code });
    // One line a second is enough of each: whoever floods the channel must not flood the log as well.
    const now = performance.now();
    if (now - (toldAt.get(code) ?? Number.NEGATIVE_INFINITY) < 1_000) return;
    toldAt.set(code, now);
    logger.warn({ door: 'redis', code, rule }, 'publish refused');
  }

  async function publish(message: Buffer): Promise<void> {
    const excess = limits.excess(message.byteLength);
    if (excess) return refuse(excess, rules[excess]);
    // Anything at all: the publisher checks it, by the rules of all doors.
    let body: Invalidation;
    try {
      body = JSON.parse(message.toString());
    } catch {
      // The parser's own words may quote the message.
      refuse('bad_request', 'the message must be a JSON object: it could not be parsed');
      return;
    }
    const ended = limits.begin(roomsOf(body));
    try {
      await publisher.invalidate(body, { door: 'redis' });
    } finally {
      ended();
    }
  }

  function hear(from: Buffer, message: Buffer): void {
    if (from.toString() !== channel) return;
    publish(message).catch((err: unknown) => {
      // The publisher has logged and counted its own two errors. At most once: nobody waits for an answer, and nobody
      // would hear that it should be sent again.
      if (err instanceof InvalidInvalidationError || err instanceof PublishIncompleteError) return;
      metrics.count('publish_refused_total', { door: 'redis', code: 'failed' });
      logger.error({ door: 'redis', err }, 'publish failed');
    });
  }

  const end = standSubscription({
    client: subscriber,
    channel,
    isSharded: false,
    onStanding: () => logger.info({ channel }, 'redis door open'),
    onFailure(err) {
      metrics.count('subscribe_errors_total', { channel: 'publish' });
      logger.warn({ channel, err }, 'redis door could not be opened');
    },
  });

  const endBeats = standHeartbeat({
    client: subscriber,
    channel: `${prefix}beat:${randomBytes(6).toString('hex')}`,
    isSharded: false,
    // Not the subscriber: one that could not agree on RESP3 takes no such command while it is subscribed.
    send: (to, beat) => commands.publish(to, beat),
    connection: 'door',
    logger,
    metrics,
  });

  // After what may throw; nothing is heard in between.
  subscriber.on('messageBuffer', hear);

  return {
    async close() {
      subscriber.off('messageBuffer', hear);
      await Promise.all([end(), endBeats()]);
    },
  };
}

/** How many rooms something asks for that may be anything. */
function roomsOf(body: { readonly rooms?: unknown } | null): number {
  return Array.isArray(body?.rooms) ? body.rooms.length : 0;
}
