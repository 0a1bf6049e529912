import type { Cache, Logger, Metrics, OpenRooms } from '@querycast/server';
import type { Push } from '@querycast/server/postgres';
import { ENDPOINTS } from '../access/endpoints.js';
import { isRelated } from '../access/relations.js';
import type { Database } from '../db/database.js';
import { createDashboardCacheManager } from './dashboard-cache-manager.js';
import { createKeyedQueue } from './keyed-queue.js';
import { noCache } from './no-cache.js';
import { type WarmUp, warmUpsOf } from './warm-ups.js';

/** Computes what pushes made stale before those who are told of it ask. */
export interface Warming {
  /** Takes notice of what was pushed, and returns at once. Never throws. */
  warm(pushes: readonly Push[]): void;
  /** Finishes what is being computed and drops what waits. Idempotent. */
  close(): Promise<void>;
}

/** Settings of {@link createWarming}. */
export interface WarmingOptions {
  readonly db: Database;
  /** Without one (`noCache`) nothing is warmed: nobody would find it. */
  readonly cache: Cache;
  readonly openRooms: OpenRooms;
  /** Most entries computed at a time; one dashboard takes up to eight connections for a moment. Default: 1. */
  readonly concurrency?: number;
  /** Most entries that wait; by the time that more had their turn, their refetches would have come. Default: 200. */
  readonly maxQueued?: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

type Result = 'warmed' | 'dropped' | 'failed' | 'refused';

/** Most entries of which it is not known yet whether anybody has their room open: a commit may concern everybody. */
const MAX_NOTICED = 20_000;

/**
 * Creates the warming of one node, for what its own relay publishes. Entries of rooms that some node has open are
 * computed through the cache, so that a refetch that comes meanwhile joins the computation. All of it is a favour: what
 * fails or finds no place is counted, and computed by whoever asks for it, as ever.
 */
export function createWarming(options: WarmingOptions): Warming {
  const { db, cache, openRooms, concurrency = 1, maxQueued = 200, logger, metrics } = options;
  const manager = createDashboardCacheManager(cache);
  const queue = createKeyedQueue({ concurrency, maxWaiting: maxQueued });
  const noticed = new Map<string, WarmUp>();
  let isAsking = false;
  let asked = Promise.resolve();
  let closed = cache === noCache;

  function count({ entry }: WarmUp, result: Result): void {
    metrics.count('cache_warmups_total', { owner: patternOf(entry.owner), result });
  }

  function failed(warmUp: WarmUp, error: unknown): void {
    count(warmUp, 'failed');
    logger.debug({ owner: patternOf(warmUp.entry.owner), error: String(error) }, 'cache warm-up failed');
  }

  /** One question at a time, about all that came meanwhile: under load there are fewer of them, not more at once. */
  async function ask(): Promise<void> {
    isAsking = true;
    while (noticed.size > 0) {
      const warmUps = [...noticed.values()];
      noticed.clear();
      try {
        const open = await openRooms.openRooms([...new Set(warmUps.map(({ room }) => room))]);
        if (!closed) for (const warmUp of warmUps) if (open.has(warmUp.room)) enqueue(warmUp);
      } catch (error) {
        for (const warmUp of warmUps) failed(warmUp, error);
      }
    }
    isAsking = false;
  }

  function enqueue(warmUp: WarmUp): void {
    if (!queue.add(warmUp.entry.key, () => warmUpOne(warmUp))) count(warmUp, 'dropped');
  }

  async function warmUpOne(warmUp: WarmUp): Promise<void> {
    const { read, viewerId, studentId, entry } = warmUp;
    try {
      const isAllowed = await mayHave(warmUp);
      if (isAllowed) await manager.getOrComputeJson(entry, () => read.compute(db, viewerId, studentId));
      count(warmUp, isAllowed ? 'warmed' : 'refused');
    } catch (error) {
      failed(warmUp, error);
    }
  }

  /** As for a request: whoever lost a student may hear of it for the last time. */
  async function mayHave({ read, viewerId, studentId }: WarmUp): Promise<boolean> {
    if (!read.isAboutStudent) return true;
    const relation = ENDPOINTS[read.endpoint].of;
    return relation !== undefined && (await isRelated(db, relation, viewerId, studentId));
  }

  return {
    warm(pushes) {
      if (closed) return;
      for (const warmUp of warmUpsOf(pushes)) {
        const { key } = warmUp.entry;
        if (noticed.size < MAX_NOTICED || noticed.has(key)) noticed.set(key, warmUp);
        else count(warmUp, 'dropped');
      }
      if (!isAsking) asked = ask();
    },
    async close() {
      closed = true;
      noticed.clear();
      await asked;
      await queue.close();
    },
  };
}

/** The kind of an owner, as the cache's own metrics name it; its first word is whose it is. */
function patternOf(owner: string): string {
  return owner.split(':', 1)[0] ?? owner;
}
