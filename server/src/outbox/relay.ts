import { randomUUID } from 'node:crypto';
import { MAX_SPREAD_MS } from '@querycast/protocol';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import { createCacheLives } from './cache-lives.js';
import { type ClaimedRow, claim, renew } from './claim.js';
import { failureMessage } from './failure-message.js';
import { type HandledRows, handleRows } from './handle.js';
import { createLane } from './lane.js';
import { createLives } from './lives.js';
import { isOutage } from './outage.js';
import { createOutageLog } from './outage-log.js';
import { pass } from './pass.js';
import { type Attempt, createReach } from './reach.js';
import type { Relay, RelayOptions } from './relay-options.js';
import { repeatWhile } from './repeat-while.js';
import { cacheLifeName, hasten, letGo, type Outcome, reopen, settle } from './settle.js';
import { createTidying } from './tidying.js';
import { partByWidth } from './width.js';
import { createWorkLoop } from './work-loop.js';

export type { Relay, RelayOptions } from './relay-options.js';

/**
 * Creates a relay over an outbox made by `captureSql`. Several may run. For each transaction it asks the signals who is
 * affected, evicts their caches, then publishes one envelope per room. Rows whose signal keeps failing are set aside; rows
 * of a source that has no signal here are left to relays that have one, as in a rolling deployment;
 * while cache or broker are away, rows are kept and tried again for ever. When the broker answers under another
 * incarnation than before, which means that it may have lost what it acknowledged, rows published within `replayMs` are
 * evicted and published again; so are those that were evicted in another life of the cache than the present one. What
 * leaves late tells clients to spread their refetches, as all of it leaves at once, and so does a transaction that concerns
 * many rooms. Throws a `RangeError` for a spread that clients would refuse, and for a pace that is none.
 *
 * @example
 * const relay = createRelay({ pool, cache, publisher, signals: { orders: async (changes) => staleOf(changes) } });
 * await relay.start();
 */
export function createRelay(options: RelayOptions): Relay {
  const { pool, clock, logger = silentLogger, metrics = noMetrics } = options;
  const { batchSize = 100, claimMs = 5_000, replayMs = 60_000, maxAttempts = 8, pollMs = 1_000 } = options;
  const { lateSpreadMs = 2_000, roomsPerSecond = 300 } = options;
  if (!Number.isInteger(lateSpreadMs) || lateSpreadMs < 0 || lateSpreadMs > MAX_SPREAD_MS) {
    throw new RangeError(`lateSpreadMs must be an integer from 0 to ${MAX_SPREAD_MS}`);
  }
  if (!Number.isInteger(roomsPerSecond) || roomsPerSecond < 1) {
    throw new RangeError('roomsPerSecond must be an integer from 1');
  }
  const sources = Object.keys(options.signals);
  const elapsed = clock ?? (() => performance.now());
  const away = {
    signal: createOutageLog(logger, 'outbox signal met an outage', 'outbox signals answer again', elapsed),
    evict: createOutageLog(logger, 'outbox eviction failed, published all the same', 'outbox evicts again', elapsed),
    publish: createOutageLog(logger, 'outbox publish failed', 'outbox publishes again', elapsed),
    cache: createOutageLog(logger, 'outbox cannot look at the cache', 'outbox looks at the cache again', elapsed),
  };
  const tools = { ...options, maxAttempts, lateSpreadMs, roomsPerSecond, away, logger, metrics };
  const reach = createReach(elapsed);
  const relay = randomUUID();
  const lives = createLives({
    replay: (life) => replay(life, 'broker may have lost envelopes, publishing again'),
    hasten: () => step('hasten', () => hasten(pool, clock?.())),
  });
  const cacheLives = createCacheLives({
    present: () => options.cache.life(),
    replay: (life) => replay(cacheLifeName(life), 'cache may have kept old entries, evicting and publishing again'),
  });
  /** For what concerns many rooms. */
  const lane = createLane();
  /** Whether rows may be claimed for this relay that it does not work on: an answer of the database was lost. */
  let claimsUnknown = false;
  /** Every other claim begins with the newest rows: a change does not wait for all of a backlog, nor the backlog for it. */
  let newestFirst = false;

  async function workOnce(): Promise<boolean> {
    if (lives.areOwed()) await lane.idle();
    await lives.pay();
    await cacheLives.pay();
    const now = clock?.();
    const startedAt = performance.now();
    if (claimsUnknown) {
      await lane.idle();
      await step('let_go', () => letGo(pool, relay));
      claimsUnknown = false;
    }
    const attempt = reach.begin();
    const rows = await holding('claim', () =>
      claim(pool, { relay, batchSize, claimMs, scope: attempt.scope, newestFirst, sources, now }),
    );
    const isFromOldest = !newestFirst;
    newestFirst = rows.length > 0 && isFromOldest;
    // What a clock dated ahead that was set back since is not among the newest, and is due all the same.
    if (rows.length === 0) return !isFromOldest;
    await whileHeld(rows, async () => {
      const work = await handleRows(rows, options.signals, pool);
      if (!work.unhandled.some(({ outage }) => outage)) away.signal.over();
      const { narrow, wide } = partByWidth(work);
      if (rowsOf(narrow).length > 0) await finish(narrow, attempt, startedAt);
      if (rowsOf(wide).length > 0) await lane.enter(() => finishBeside(wide, startedAt));
    });
    return true;
  }

  /** What takes long does not keep the rest waiting: it is finished while the next rows are claimed. */
  async function finishBeside(work: HandledRows, startedAt: number): Promise<void> {
    try {
      await whileHeld(rowsOf(work), () => finish(work, reach.begin(), startedAt));
    } finally {
      // It may have found something that is dealt with at the next look.
      loop.wake();
    }
  }

  async function finish(work: HandledRows, attempt: Attempt, startedAt: number): Promise<void> {
    // It answers with what failed; what it throws all the same is a fault of ours, and must not go unheard.
    const result = await step('pass', () => pass(work, { ...attempt.options, claimedAt: startedAt }, tools));
    attempt.end(result);
    try {
      await holding('mark', () => settle(pool, relay, result.outcome, clock?.()));
    } finally {
      // Only now: a replay before would have missed these rows. Also when the answer was lost: they may be written down.
      if (result.cacheLife !== undefined) cacheLives.evictedIn(result.cacheLife);
    }
    record(rowsOf(work), result.outcome, performance.now() - startedAt);
    lives.answered(result.incarnations);
  }

  function whileHeld(rows: readonly ClaimedRow[], work: () => Promise<void>): Promise<void> {
    return repeatWhile(
      work,
      () => step('renew', () => renew(pool, rows, { relay, claimMs, now: clock?.() })),
      claimMs / 3,
    );
  }

  async function replay(life: string, told: string): Promise<void> {
    const rows = await step('replay', () => reopen(pool, life, replayMs, clock?.()));
    if (rows === 0) return;
    metrics.count('relay_rows_total', { result: 'replayed' }, rows);
    logger.warn({ rows, life }, told);
  }

  /** Also when nothing changes: what was evicted in another life is still there in this one. */
  async function lookAtCache(): Promise<void> {
    try {
      if (await cacheLives.look()) loop.wake();
      away.cache.over();
    } catch (error) {
      metrics.count('relay_errors_total', { step: 'cache_life' });
      away.cache.met({ error: failureMessage(error) });
    }
  }

  function record(rows: readonly ClaimedRow[], outcome: Outcome, elapsedMs: number): void {
    const published = new Set(outcome.published.map(({ id }) => id));
    for (const { change, incarnations, ageMs } of rows) {
      // A replay says nothing about how long a change took.
      const first = published.has(change.id) && incarnations.length === 0;
      if (first) metrics.observe('relay_lag_seconds', (ageMs + elapsedMs) / 1_000);
    }
    metrics.count('relay_rows_total', { result: 'published' }, outcome.published.length);
    metrics.count('relay_rows_total', { result: 'retried' }, outcome.postponed.length);
    metrics.count('relay_rows_total', { result: 'set_aside' }, outcome.setAside.length);
    logger.debug({ rows: rows.length, published: published.size }, 'outbox rows handled');
  }

  async function step<T>(name: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      metrics.count('relay_errors_total', { step: name });
      logger.error({ step: name, error: failureMessage(error) }, 'outbox relay failed, trying again');
      throw error;
    }
  }

  /** A step that changes what is claimed. After other faults than an outage the claim ends by itself: no hurry. */
  async function holding<T>(name: string, run: () => Promise<T>): Promise<T> {
    try {
      return await step(name, run);
    } catch (error) {
      claimsUnknown ||= isOutage(error);
      throw error;
    }
  }

  const tidy = createTidying({ pool, sources, replayMs, now: () => clock?.(), step, logger, metrics });
  const { listen, broker } = options;
  const loop = createWorkLoop({
    workOnce,
    tidy: async () => void (await Promise.all([tidy(), lookAtCache()])),
    pollMs,
    ...(listen && { listen: (onWake: () => void) => step('listen', () => listen(onWake)) }),
  });
  const unsubscribe = broker?.onLive((live: boolean, incarnation?: string) => {
    reach.brokerIs(live);
    if (!live) return;
    lives.isBack(incarnation);
    loop.wake();
  });
  return {
    ...loop,
    async settled() {
      do await loop.settled();
      while (await lane.idle());
    },
    async close() {
      unsubscribe?.();
      await loop.close();
      await lane.idle();
      // Later, nobody may know any more which life acknowledged what.
      await lives.payAnswers();
    },
  };
}

function rowsOf({ handled, unhandled }: HandledRows): readonly ClaimedRow[] {
  return [...handled, ...unhandled].flatMap(({ rows }) => rows);
}
