import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import type { CacheSnapshot, CacheStore } from './cache-store.js';
import { createFlights } from './flights.js';
import {
  GENERATION_TTL_MS,
  type Generation,
  generationKey,
  isOfIncarnation,
  newGeneration,
  openEntry,
  sealEntry,
} from './generation.js';

/** One read through the cache. */
export interface CachedRead<T> {
  /** What is evicted together, e.g. `parent_dashboard_data:42`; the part before the colon labels metrics. */
  readonly owner: string;
  /** The store's key of this entry: the owner, or the owner with a suffix; never the owner with `:gen`. */
  readonly key: string;
  /** How long the entry counts, in milliseconds. */
  readonly ttlMs: number;
  /** Computes the value, which must be JSON: a later hit answers a parsed copy. Its errors are not cached. */
  readonly compute: () => T | Promise<T>;
}

/** A read-through cache that never answers with data computed before an eviction that had completed. */
export interface Cache {
  /**
   * Answers from the cache, joins the same computation under way, or computes. Rejects only as `compute` does, with a
   * `RangeError` when the key is that of a generation; a store that is away costs the computation, nothing else. Treat
   * the answer as read-only: callers of one computation share it.
   */
  getOrCompute<T>(read: CachedRead<T>): Promise<T>;
  /**
   * Makes everything computed so far for these owners count no more, here and in every process on the same store.
   * Rejects with {@link CacheEvictionError} when the store did not take it for all: evict again.
   */
  evict(owners: readonly string[]): Promise<void>;
}

/** Settings of {@link createCache}. */
export interface CacheOptions {
  readonly store: CacheStore;
  /** Longest wait for a computation another caller began, in milliseconds. Default: 5,000. */
  readonly waitMs?: number;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/** The store did not confirm an eviction: entries of these owners may still be answered. Evict again. */
export class CacheEvictionError extends Error {
  readonly code = 'cache_eviction_failed';
  readonly owners: readonly string[];

  constructor(owners: readonly string[], options?: ErrorOptions) {
    super(`the cache store did not confirm the eviction of ${owners.length} owners: evict them again`, options);
    this.name = 'CacheEvictionError';
    this.owners = owners;
  }
}

const DEFAULT_WAIT_MS = 5_000;

/** Others may create the owner's generation at the same moment, or drop it; more than this is a store that forgets all. */
const GENERATION_ATTEMPTS = 3;

/**
 * Creates a cache over a store. An owner has a generation; an entry carries the one that was read before it was
 * computed and counts only while it is the present one. Evicting is setting a new one, so a slow computation's late
 * entry is dead on arrival, and nothing is ever searched for or deleted.
 *
 * @example
 * const cache = createCache({ store: memoryStore() });
 * await cache.getOrCompute({ owner: 'orders:7', key: 'orders:7:page1', ttlMs: 300_000, compute: () => readOrders(7) });
 * await cache.evict(['orders:7']);
 */
export function createCache(options: CacheOptions): Cache {
  const { store, waitMs = DEFAULT_WAIT_MS, logger = silentLogger, metrics = noMetrics } = options;
  const flights = createFlights({ waitMs });
  // The last one seen. An eviction marked with an older one still evicts: it reads as missing.
  let incarnation = '';

  async function snapshot(keys: readonly string[]): Promise<CacheSnapshot> {
    const taken = await store.get(keys);
    incarnation = taken.incarnation;
    return taken;
  }

  /** The owner's present generation, with the entry if it counts; `undefined` when no generation would stay. */
  async function look<T>({ owner, key }: CachedRead<T>): Promise<Look<T> | undefined> {
    const place = generationKey(owner);
    for (let attempt = 0; attempt < GENERATION_ATTEMPTS; attempt += 1) {
      const { values, incarnation: present } = await snapshot([place, key]);
      const [found, entry] = values;
      if (found !== undefined && isOfIncarnation(found, present)) {
        return { generation: found, entry: openEntry(entry, found) };
      }
      const value = newGeneration(present);
      const created = await store.replace(place, { expected: found, value, ttlMs: GENERATION_TTL_MS });
      // What somebody else wrote meanwhile is read again, not taken over: only a snapshot proves that it counts.
      if (created) return { generation: value, entry: undefined };
    }
    return undefined;
  }

  function storeFailed(operation: string, owner: string, error: unknown): void {
    logger.warn({ operation, owner: kindOf(owner), error: String(error) }, 'cache store failed');
  }

  async function fill<T>({ owner, key, ttlMs }: CachedRead<T>, generation: Generation, value: T): Promise<void> {
    let result = 'stored';
    try {
      const { values } = await snapshot([generationKey(owner)]);
      // Saves a dead write, which could cover a younger entry; what decides is the generation the entry carries.
      if (values[0] === generation) await store.set(key, sealEntry(generation, value), ttlMs);
      else result = 'refused';
    } catch (error) {
      result = 'failed';
      storeFailed('fill', owner, error);
    }
    metrics.count('cache_fills_total', { owner: kindOf(owner), result });
  }

  async function obtain<T>(read: CachedRead<T>): Promise<{ readonly value: T; readonly result: string }> {
    let seen: Look<T> | undefined;
    try {
      seen = await look(read);
    } catch (error) {
      storeFailed('read', read.owner, error);
    }
    // Without a generation nobody may join: what is under way may have begun before an eviction.
    if (!seen) return { value: await read.compute(), result: 'bypassed' };
    const { generation, entry } = seen;
    if (entry) return { value: entry.value, result: 'hit' };
    const { value, joined } = await flights.fly(`${read.key}\n${generation}`, {
      compute: async () => read.compute(),
      land: (computed) => fill(read, generation, computed),
    });
    return { value, result: joined ? 'joined' : 'miss' };
  }

  return {
    async getOrCompute(read) {
      if (read.key === generationKey(read.owner))
        throw new RangeError('an entry cannot take the key of the generation');
      let result = 'failed';
      try {
        const obtained = await obtain(read);
        result = obtained.result;
        return obtained.value;
      } finally {
        metrics.count('cache_reads_total', { owner: kindOf(read.owner), result });
      }
    },

    async evict(owners) {
      const distinct = [...new Set(owners)];
      const outcomes = await Promise.allSettled(
        distinct.map((owner) => store.set(generationKey(owner), newGeneration(incarnation), GENERATION_TTL_MS)),
      );
      const failed: string[] = [];
      for (const [index, owner] of distinct.entries()) {
        const taken = outcomes[index]?.status === 'fulfilled';
        if (!taken) failed.push(owner);
        metrics.count('cache_evictions_total', { owner: kindOf(owner), result: taken ? 'evicted' : 'failed' });
      }
      if (failed.length === 0) return;
      const cause = outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
      logger.warn({ owners: failed.length, error: String(cause) }, 'cache eviction failed');
      throw new CacheEvictionError(failed, { cause });
    },
  };
}

interface Look<T> {
  readonly generation: Generation;
  readonly entry: { readonly value: T } | undefined;
}

function kindOf(owner: string): string {
  return owner.split(':', 1)[0] ?? owner;
}
