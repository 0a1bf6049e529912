import { setTimeout } from 'node:timers/promises';
import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import { type Backoff, backoffMs } from './backoff.js';
import { failureMessage } from './failure-message.js';
import { isIdentifier } from './identifier.js';
import { OUTBOX_CHANNEL } from './outbox-table.js';

/** The part of `pg`'s `Client` that is used; a new, unconnected one satisfies it as it is. */
export interface PgClientLike {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  end(): Promise<unknown>;
  on(
    event: 'notification',
    listener: (message: { readonly channel: string; readonly payload?: string | undefined }) => void,
  ): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
}

/** Settings of {@link postgresListen}. */
export interface PostgresListenOptions {
  /**
   * Makes a client of its own, directly to the server: behind a pooler in transaction mode nothing arrives. Give it a
   * `connectionTimeoutMillis`.
   */
  readonly createClient: () => PgClientLike;
  /** Default: `OUTBOX_CHANNEL`. */
  readonly channel?: string;
  /** How often to ask whether the connection still lives, in milliseconds. Default: 10,000. */
  readonly checkMs?: number;
  /** Longest wait for an answer, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/** Between attempts to connect; up to half of it is left out at random. */
const RECONNECT_BACKOFF: Backoff = { firstMs: 100, longestMs: 1_000 };
/** Longest that closing waits for the connection to end, in milliseconds. */
const FAREWELL_MS = 1_000;

/**
 * The `listen` of a relay on PostgreSQL. Whoever listens is also woken after each connection, because what was notified
 * before it stood is lost: without a payload then, and else with that of the notification, perhaps an empty one. Resolves when it listens, or when the first attempt has failed: it goes on trying, at least
 * once a second, until the function it resolves to is called. Throws a `RangeError` for a channel that is no identifier.
 *
 * @example
 * const createClient = () => new Client({ connectionString, keepAlive: true, connectionTimeoutMillis: 5_000 });
 * const relay = createRelay({ pool, signals, cache, publisher, listen: postgresListen({ createClient }) });
 */
export function postgresListen(
  options: PostgresListenOptions,
): (onWake: (payload?: string) => void) => Promise<() => Promise<void>> {
  const { createClient, channel = OUTBOX_CHANNEL, checkMs = 10_000, timeoutMs = 5_000 } = options;
  const { logger = silentLogger, metrics = noMetrics } = options;
  if (!isIdentifier(channel)) throw new RangeError('a channel is named by letters, digits and underscores');

  return async (onWake) => {
    const closing = new AbortController();
    let failures = 0;
    let attempted: () => void = () => {};
    const firstAttempt = new Promise<void>((resolve) => {
      attempted = resolve;
    });

    /** Listens on one connection until it is lost, which rejects, or until all is over. */
    async function listenOnce(): Promise<void> {
      const client = createClient();
      const lost = new Promise<never>((_, reject) => {
        client.on('error', reject);
        client.on('end', () => reject(new Error('the connection ended')));
      });
      // Waited for below, but it may come between two waits.
      lost.catch(() => {});
      client.on('notification', (message) => {
        if (message.channel === channel && !closing.signal.aborted) onWake(message.payload ?? '');
      });
      try {
        await answer(() => client.connect(), lost);
        await answer(() => client.query(`LISTEN "${channel}"`), lost);
        if (failures > 0) logger.info({ channel, failures }, 'listening to the database again');
        failures = 0;
        attempted();
        onWake();
        while (!closing.signal.aborted) {
          await Promise.race([pause(checkMs, closing.signal), lost]);
          await answer(() => client.query('SELECT 1'), lost);
        }
      } finally {
        // A connection that is lost already cannot say farewell, and nothing is left to end.
        const ended = client.end().catch(() => {});
        // On a dead link the farewell is never answered: only whoever closes waits for it, and not for long.
        if (closing.signal.aborted) await Promise.race([ended, pause(FAREWELL_MS)]);
      }
    }

    /** Asks the client; rejects when the connection is lost, when it takes too long and when all is over. */
    async function answer(ask: () => Promise<unknown>, lost: Promise<never>): Promise<void> {
      closing.signal.throwIfAborted();
      const answered = new AbortController();
      const late = pause(timeoutMs, AbortSignal.any([closing.signal, answered.signal])).then(() => {
        throw new Error('the database did not answer');
      });
      // Raced below; should the race be over first, nobody waits for it.
      late.catch(() => {});
      try {
        await Promise.race([ask(), lost, late]);
      } finally {
        answered.abort();
      }
    }

    async function run(): Promise<void> {
      while (!closing.signal.aborted) {
        await listenOnce().catch((error: unknown) => {
          if (closing.signal.aborted) return;
          failures += 1;
          metrics.count('outbox_listens_lost_total');
          if (failures > 1) return;
          logger.warn({ channel, error: failureMessage(error) }, 'not listening to the database, polling');
        });
        attempted();
        await pause(waitMs(failures), closing.signal);
      }
    }

    const running = run();
    await firstAttempt;
    return () => {
      closing.abort();
      return running;
    };
  };
}

/** Resolves after a time, or at once when the signal says so. */
async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  // Only an abort rejects.
  await setTimeout(ms, undefined, { ...(signal && { signal }), ref: false }).catch(() => {});
}

/** Random, so that all nodes of a restarted database do not return in the same instant. */
function waitMs(failures: number): number {
  return backoffMs(RECONNECT_BACKOFF, failures) * (0.5 + Math.random() / 2);
}
