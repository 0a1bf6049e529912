import { type Cache, CacheEvictionError } from '../cache/cache.js';
import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { Publisher } from '../publisher/publisher.js';
import { backoffMs, SIGNAL_BACKOFF } from './backoff.js';
import { failureMessage } from './failure-message.js';
import type { HandledRows, Unhandled } from './handle.js';
import type { OutageLog } from './outage-log.js';
import { planEnvelopes } from './plan.js';
import { publishEnvelopes } from './publish-envelopes.js';
import { cacheLifeName, type Outcome } from './settle.js';
import type { PublishedPush } from './signal.js';
import type { SpreadSettings } from './spread.js';
import { tellPublished } from './tell-published.js';

/** What a pass works with. */
export interface PassTools extends SpreadSettings {
  readonly cache: Pick<Cache, 'evict'>;
  readonly publisher: Pick<Publisher, 'invalidate'>;
  readonly published?: (pushes: readonly PublishedPush[]) => void;
  readonly maxAttempts: number;
  /** What each step found to be away. */
  readonly away: Readonly<Record<'signal' | 'evict' | 'publish', OutageLog>>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What a pass knows of outages before. */
export interface PassOptions {
  /** How long rows wait that meet an outage, in milliseconds. */
  readonly delayMs: number;
  /** Whether the broker is known to be away: it is not asked. */
  readonly brokerAway: boolean;
  /** When the rows were claimed, by `performance.now()`. */
  readonly claimedAt: number;
}

/** What a pass did with its rows. */
export interface PassResult {
  readonly outcome: Outcome;
  /** The lives of the broker that answered. */
  readonly incarnations: ReadonlySet<string>;
  /** The life of the cache in which its evictions count; absent when there are none. */
  readonly cacheLife: string | undefined;
  /** Whether cache or broker did not answer, or what a signal needs was away. */
  readonly outage: boolean;
  /** Whether cache or broker were asked and did not answer. */
  readonly unanswered: boolean;
}

/** Works on what the signals answered, outside any transaction: evicts, then publishes. Never rejects. */
export async function pass(work: HandledRows, options: PassOptions, tools: PassTools): Promise<PassResult> {
  const { delayMs, brokerAway, claimedAt } = options;
  const { unevicted, cacheLife } = await evict(work, tools);
  const isEvicted = ({ stale }: HandledRows['handled'][number]) => !stale.evict.some((owner) => unevicted.has(owner));
  const envelopes = planEnvelopes(work.handled, isEvicted);
  const published = await publishEnvelopes(envelopes, brokerAway, tools);
  tellPublished(published.acknowledged, performance.now() - claimedAt, tools);
  if (published.failures > 0) {
    tools.away.publish.met({ envelopes: published.failures, error: failureMessage(published.failure) });
  } else if (envelopes.length > 0 && !brokerAway) tools.away.publish.over();

  const result = { published: [] as Mutable<Outcome['published']>, postponed: [] as Mutable<Outcome['postponed']> };
  const refused: Unhandled[] = [];
  for (const handled of work.handled) {
    const evicted = isEvicted(handled);
    for (const row of handled.rows) {
      const { id } = row.change;
      const error = published.refused.get(id);
      if (error !== undefined) refused.push({ rows: [row], error, outage: false });
      else if (!evicted) result.postponed.push({ id, delayMs });
      else if (published.unanswered.has(id)) result.postponed.push({ id, delayMs, evicted: true });
      else {
        const evictedIn = handled.stale.evict.length > 0 && cacheLife !== undefined ? [cacheLifeName(cacheLife)] : [];
        result.published.push({ id, incarnations: [...(published.incarnations.get(id) ?? []), ...evictedIn].sort() });
      }
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
    cacheLife,
    outage: result.postponed.length > 0 || work.unhandled.some(({ outage }) => outage),
    unanswered: unevicted.size > 0 || published.failures > 0,
  };
}

type Mutable<T> = T extends readonly (infer Item)[] ? Item[] : never;

interface Evicted {
  /** Owners that may not be evicted. */
  readonly unevicted: ReadonlySet<string>;
  /** In which life all others are; absent when there are none. */
  readonly cacheLife: string | undefined;
}

/** Evicts for all rows before anything is published. */
async function evict({ handled }: HandledRows, { cache, away, metrics }: PassTools): Promise<Evicted> {
  const owners = new Set(handled.flatMap(({ stale }) => stale.evict));
  if (owners.size === 0) return { unevicted: owners, cacheLife: undefined };
  try {
    const cacheLife = await cache.evict([...owners]);
    away.evict.over();
    return { unevicted: new Set(), cacheLife };
  } catch (error) {
    const isPartial = error instanceof CacheEvictionError;
    const failed = isPartial ? new Set(error.owners) : owners;
    metrics.count('relay_errors_total', { step: 'evict' });
    away.evict.met({ owners: failed.size, error: failureMessage(error) });
    return { unevicted: failed, cacheLife: isPartial ? error.life : undefined };
  }
}

function settleUnhandled(unhandled: readonly Unhandled[], outageDelayMs: number, tools: PassTools) {
  const { maxAttempts, away, logger, metrics } = tools;
  const postponed: Mutable<Outcome['postponed']> = [];
  const setAside: Mutable<Outcome['setAside']> = [];
  for (const { rows, error, outage } of unhandled) {
    metrics.count('relay_errors_total', { step: 'signal' });
    if (outage) {
      postponed.push(...rows.map(({ change: { id } }) => ({ id, delayMs: outageDelayMs })));
      away.signal.met({ error });
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
