import { type Cache, CacheEvictionError } from '../cache/cache.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { InvalidInvalidationError } from '../publisher/publish-errors.js';
import type { Publisher } from '../publisher/publisher.js';
import { backoffMs, OUTAGE_BACKOFF, SIGNAL_BACKOFF } from './backoff.js';
import type { ClaimedRow } from './claim.js';
import { failureMessage } from './failure-message.js';
import { type HandledRows, handleRows, type Unhandled } from './handle.js';
import { type PlannedEnvelope, planEnvelopes } from './plan.js';
import type { Outcome } from './settle.js';
import type { Signals } from './signal.js';
import type { SqlPool } from './sql-pool.js';

/** What a pass works with. */
export interface PassTools {
  readonly pool: SqlPool;
  readonly signals: Signals;
  readonly cache: Pick<Cache, 'evict'>;
  readonly publisher: Pick<Publisher, 'invalidate'>;
  readonly maxAttempts: number;
  /** Over which time the refetches of late rows are spread; 0 for none. */
  readonly lateSpreadMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What a pass did with its rows. */
export interface PassResult {
  readonly outcome: Outcome;
  /** The lives of the broker that answered. */
  readonly incarnations: ReadonlySet<string>;
  /** Whether cache or broker did not answer, or what a signal needs was away. */
  readonly outage: boolean;
}

/** Enough to keep a broker busy, not enough to flood it. */
const CONCURRENT_PUBLISHES = 64;

/**
 * Works on claimed rows, outside any transaction: asks the signals, evicts, then publishes. `outages` is how many passes
 * before this one, in a row, met an outage. Never rejects.
 */
export async function pass(rows: readonly ClaimedRow[], outages: number, tools: PassTools): Promise<PassResult> {
  const work = await handleRows(rows, tools.signals, tools.pool);
  const unevicted = await evict(work, tools);
  const isEvicted = ({ stale }: HandledRows['handled'][number]) => !stale.evict.some((owner) => unevicted.has(owner));
  const published = await publish(planEnvelopes(work.handled, isEvicted), tools);

  const delayMs = backoffMs(OUTAGE_BACKOFF, outages + 1);
  const result = { published: [] as Mutable<Outcome['published']>, postponed: [] as Mutable<Outcome['postponed']> };
  const refused: Unhandled[] = [];
  for (const handled of work.handled) {
    for (const row of handled.rows) {
      const { id } = row.change;
      const error = published.refused.get(id);
      if (error !== undefined) refused.push({ rows: [row], error, outage: false });
      else if (!isEvicted(handled) || published.unanswered.has(id)) result.postponed.push({ id, delayMs });
      else result.published.push({ id, incarnations: [...(published.incarnations.get(id) ?? [])].sort() });
    }
  }
  const failed = settleUnhandled([...work.unhandled, ...refused], delayMs, tools);
  return {
    outcome: {
      published: result.published,
      postponed: [...result.postponed, ...failed.postponed],
      setAside: failed.setAside,
    },
    incarnations: new Set([...published.incarnations.values()].flatMap((each) => [...each])),
    outage: result.postponed.length > 0 || work.unhandled.some(({ outage }) => outage),
  };
}

type Mutable<T> = T extends readonly (infer Item)[] ? Item[] : never;

/** Evicts for all rows before anything is published; answers the owners that may not be evicted. */
async function evict({ handled }: HandledRows, { cache, logger, metrics }: PassTools): Promise<ReadonlySet<string>> {
  const owners = new Set(handled.flatMap(({ stale }) => stale.evict));
  if (owners.size === 0) return owners;
  try {
    await cache.evict([...owners]);
    return new Set();
  } catch (error) {
    const failed = error instanceof CacheEvictionError ? new Set(error.owners) : owners;
    metrics.count('relay_errors_total', { step: 'evict' });
    logger.warn(
      { owners: failed.size, error: failureMessage(error) },
      'outbox eviction failed, published all the same',
    );
    return failed;
  }
}

interface PublishedRows {
  /** By row: the lives of the broker that acknowledged it. */
  readonly incarnations: Map<string, Set<string>>;
  /** Rows of which at least one envelope was not acknowledged. */
  readonly unanswered: Set<string>;
  /** Rows of which an envelope can never be published, with the reason. */
  readonly refused: Map<string, string>;
}

async function publish(envelopes: readonly PlannedEnvelope[], tools: PassTools): Promise<PublishedRows> {
  const { publisher, lateSpreadMs, logger, metrics } = tools;
  const result: PublishedRows = { incarnations: new Map(), unanswered: new Set(), refused: new Map() };

  async function publishOne({ room, keys, id, late, rows }: PlannedEnvelope): Promise<void> {
    try {
      const spread = late && lateSpreadMs > 0 ? { spreadMs: lateSpreadMs } : {};
      const invalidation = { rooms: [room], keys: [...keys], id, ...spread };
      const { incarnations } = await publisher.invalidate(invalidation, { door: 'outbox' });
      metrics.count('relay_envelopes_total', { result: 'published' });
      for (const row of rows) {
        const lives = result.incarnations.get(row) ?? new Set();
        for (const incarnation of Object.values(incarnations)) lives.add(incarnation);
        result.incarnations.set(row, lives);
      }
    } catch (error) {
      metrics.count('relay_envelopes_total', { result: 'failed' });
      metrics.count('relay_errors_total', { step: 'publish' });
      logger.warn({ room, rows: rows.length, error: failureMessage(error) }, 'outbox publish failed');
      for (const row of rows) {
        if (error instanceof InvalidInvalidationError) result.refused.set(row, error.message);
        else result.unanswered.add(row);
      }
    }
  }

  for (let start = 0; start < envelopes.length; start += CONCURRENT_PUBLISHES) {
    await Promise.all(envelopes.slice(start, start + CONCURRENT_PUBLISHES).map(publishOne));
  }
  return result;
}

function settleUnhandled(unhandled: readonly Unhandled[], outageDelayMs: number, tools: PassTools) {
  const { maxAttempts, logger, metrics } = tools;
  const postponed: Mutable<Outcome['postponed']> = [];
  const setAside: Mutable<Outcome['setAside']> = [];
  for (const { rows, error, outage } of unhandled) {
    metrics.count('relay_errors_total', { step: 'signal' });
    if (outage) {
      postponed.push(...rows.map(({ change: { id } }) => ({ id, delayMs: outageDelayMs })));
      logger.warn({ rows: rows.length, error }, 'outbox signal met an outage');
      continue;
    }
    for (const { change, attempts } of rows) {
      const failures = attempts + 1;
      const { id, source } = change;
      if (failures >= maxAttempts) {
        setAside.push({ id, error });
        logger.error({ row: id, source, attempts: failures, error }, 'outbox row set aside');
      } else {
        postponed.push({ id, delayMs: backoffMs(SIGNAL_BACKOFF, failures), error });
        logger.warn({ row: id, source, attempts: failures, error }, 'outbox signal failed');
      }
    }
  }
  return { postponed, setAside };
}
