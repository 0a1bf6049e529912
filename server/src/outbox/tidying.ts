import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { createRecentSet } from './recent-set.js';
import { countRows, prune } from './settle.js';
import type { SqlPool } from './sql-pool.js';

/** What tidying takes. */
export interface TidyingOptions {
  readonly pool: SqlPool;
  /** Those whose rows this relay claims. */
  readonly sources: readonly string[];
  readonly replayMs: number;
  /** Milliseconds since 1970; `undefined` for the database's own clock. */
  readonly now: () => number | undefined;
  /** Runs what may fail, reports it and rejects all the same. */
  readonly step: <T>(name: string, run: () => Promise<T>) => Promise<T>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Counting reads every row that waits: too much for each poll of each relay while there are many. */
const COUNT_INTERVAL_MS = 10_000;

/** More tables than anybody forgets a signal for. */
const MAX_TOLD_SOURCES = 1_000;

/** Creates what a relay does at every poll beside its work: deletes what was kept long enough, and counts the rest. */
export function createTidying(options: TidyingOptions): () => Promise<void> {
  const { pool, sources, replayMs, now, step, logger, metrics } = options;
  const toldSources = createRecentSet(MAX_TOLD_SOURCES);
  let nextCountAt = Number.NEGATIVE_INFINITY;

  async function count(): Promise<void> {
    const { pending, poison, unknown } = await step('count', () => countRows(pool, sources));
    metrics.gauge('outbox_pending', pending);
    metrics.gauge('outbox_poison', poison);
    const news = unknown.filter((source) => !toldSources.has(source));
    if (news.length > 0) logger.warn({ sources: news }, 'outbox rows wait for a relay that knows their source');
    for (const source of news) toldSources.add(source);
  }

  return async () => {
    const isPruned = await step('prune', () => prune(pool, replayMs, now())).then(
      () => true,
      () => false,
    );
    // A database that refused that may be away: what was counted before says nothing any more.
    if (isPruned && performance.now() < nextCountAt) return;
    nextCountAt = Number.NEGATIVE_INFINITY;
    try {
      await count();
    } catch (error) {
      metrics.gauge('outbox_pending', Number.NaN);
      metrics.gauge('outbox_poison', Number.NaN);
      throw error;
    }
    nextCountAt = performance.now() + COUNT_INTERVAL_MS;
  };
}
