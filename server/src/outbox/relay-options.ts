import type { Broker } from '../broker/broker.js';
import type { Cache } from '../cache/cache.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { Publisher } from '../publisher/publisher.js';
import type { PublishedPush, Signals } from './signal.js';
import type { SqlPool } from './sql-pool.js';

/** Settings of `createRelay`. */
export interface RelayOptions {
  readonly pool: SqlPool;
  readonly signals: Signals;
  /**
   * Its life is looked at every `pollMs`: when another one has begun, what was evicted in any other one, and published
   * within `replayMs`, is evicted and published again.
   */
  readonly cache: Pick<Cache, 'evict' | 'life'>;
  readonly publisher: Pick<Publisher, 'invalidate'>;
  /**
   * The publisher's own. While it is away, caches are evicted and nothing is published; when it is back, what waited for
   * it leaves at once, and what an earlier life of it acknowledged is published again. Without it, rows wait up to two seconds longer, and a lost acknowledgement shows
   * only with the next row.
   */
  readonly broker?: Pick<Broker, 'onLive'>;
  /** Calls back at each notification on `OUTBOX_CHANNEL`; polling goes on behind it, and alone without it. */
  readonly listen?: (onWake: () => void) => Promise<() => void | Promise<void>>;
  /** How often to look without being woken, in milliseconds. Default: 1,000. */
  readonly pollMs?: number;
  /** Most transactions to work on at a time. Default: 100. */
  readonly batchSize?: number;
  /**
   * How long the rows of a relay that vanished wait until another one takes them, in milliseconds. A relay at work renews
   * its claims three times as often, however long its work takes. Default: 5,000.
   */
  readonly claimMs?: number;
  /** How long published rows are kept, in milliseconds; longer than any failover of broker or cache. Default: 60,000. */
  readonly replayMs?: number;
  /**
   * Over which time clients spread their refetches for rows that an outage held up or that are published again after one,
   * in milliseconds; 0 for not at all. Default: 2,000.
   */
  readonly lateSpreadMs?: number;
  /**
   * How many rooms per second refetch because of one transaction, at least 1, when it concerns more than 100: clients
   * spread their refetches over as long as that takes, up to five minutes. It is what the backend can compute beside its
   * other work, shared by all its nodes: random moments crowd, and the spread is as much longer as it takes for the fullest
   * second to stay within a tenth of this (from 35 a second on; below, half of it is fetched on average). Default: 300.
   */
  readonly roomsPerSecond?: number;
  /**
   * Told once per pass, right after publishing, what the broker acknowledged in it: for warming caches, so that refetches
   * find answers or at least computations under way. The relay does not wait for what it begins, and what it throws or
   * rejects with is counted and logged, nothing else. Default: nobody is told.
   */
  readonly published?: (pushes: readonly PublishedPush[]) => void;
  /** How often a signal may fail on a row before the row is set aside. Default: 8, about a minute. */
  readonly maxAttempts?: number;
  /** Milliseconds since 1970. Default: the database's clock, so that relays on several machines agree. */
  readonly clock?: () => number;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/** Carries committed changes from the outbox to the cache and the publisher, at least once. */
export interface Relay {
  /** Begins to work. Never rejects: a database that is away is tried again every `pollMs`. Idempotent. */
  start(): Promise<void>;
  /** Looks at once. Nothing before `start` and after `close`. */
  wake(): void;
  /**
   * Resolves when everything that was due at the call is dealt with, or waits for cache or broker; waits for `start`, and
   * for the database.
   */
  settled(): Promise<void>;
  /** Finishes the work in hand and stops. Idempotent. */
  close(): Promise<void>;
}
