import { type Logger, silentLogger } from '../observability/logger.js';
import { type Metrics, noMetrics } from '../observability/metrics.js';
import type { CacheStore } from './cache-store.js';
import { type Claim, createClaims } from './claims.js';
import { createFlights, type Landing } from './flights.js';
import { type Generation, generationKey, sealEntry } from './generation.js';
import { createLife } from './life.js';
import { isLockKey, type Lock, lockKey, newLock } from './lock.js';
import { createLookup, type Look } from './lookup.js';
import { renewUnderLife } from './renew-generations.js';
import { type CacheTimer, OVERDUE, systemTimer } from './timer.js';

/** One read through the cache. */
export interface CachedRead<T> {
  /** What is evicted together, e.g. `parent_dashboard_data:42`; the part before the colon labels metrics. */
  readonly owner: string;
  /**
   * The store's key of this entry: the owner, or the owner with a suffix, in well-formed Unicode; never the owner with
   * `:gen`, and nothing that ends with `:lock`.
   */
  readonly key: string;
  /** How long the entry counts, in milliseconds. */
  readonly ttlMs: number;
  /** Computes the value, which must be JSON, else the read rejects: what is answered went through it. Its errors are not cached. */
  readonly compute: () => T | Promise<T>;
}

/** A read-through cache that never answers with data computed before an eviction that had completed. */
export interface Cache {
  /**
   * Answers from the cache, joins the same computation under way in this process, waits for the one of another process
   * on the same store, or computes. Rejects only as `compute` does, or with a `RangeError` when the key is not one of an
   * entry; a store that is away costs the computation, nothing else.
   */
  getOrCompute<T>(read: CachedRead<T>): Promise<T>;
  /**
   * The same as the UTF-8 of JSON, empty for `undefined`, for whoever only sends it on: nothing that is large is parsed
   * to be written anew. Others may have been given the same bytes: they must not be changed.
   */
  getOrComputeJson(read: CachedRead<unknown>): Promise<Buffer>;
  /**
   * Makes everything computed so far for these owners count no more, here and in every process on the same store.
   * Resolves to the life of the store in which it counts: evict again once {@link Cache.life} is another one.
   * Rejects with {@link CacheEvictionError} when the store did not take it for all: evict again.
   */
  evict(owners: readonly string[]): Promise<string>;
  /**
   * Names the present life of the store. It changes with a restart or a failover, and when a process that had read from a
   * superseded master has met the new one: what was evicted before may have been answered since. Rejects as the store does.
   */
  life(): Promise<string>;
}

/** Settings of {@link createCache}. */
export interface CacheOptions {
  readonly store: CacheStore;
  /**
   * Longest wait for one computation another caller began, here or in another process, in whole milliseconds. Nobody
   * waits longer than twice that in all before computing. Default: 5,000.
   */
  readonly waitMs?: number;
  /** Default: the time of this process. */
  readonly timer?: CacheTimer;
  /** Default: writes nothing. */
  readonly logger?: Logger;
  /** Default: counts nothing. */
  readonly metrics?: Metrics;
}

/** The store did not confirm an eviction: entries of these owners may still be answered. Evict again. */
export class CacheEvictionError extends Error {
  readonly code = 'cache_eviction_failed';
  readonly owners: readonly string[];
  /** The life of the store in which the eviction of all others counts; absent when there are none. */
  readonly life: string | undefined;

  constructor(owners: readonly string[], { life, ...options }: ErrorOptions & { readonly life?: string } = {}) {
    super(`the cache store did not confirm the eviction of ${owners.length} owners: evict them again`, options);
    this.name = 'CacheEvictionError';
    this.owners = owners;
    this.life = life;
  }
}

/** One line tells of a store that somebody else writes to; each look would fill the log. */
const DAMAGE_LOGGED_EVERY_MS = 60_000;

const DEFAULT_WAIT_MS = 5_000;

/** Enough to ride out one stuck computation without all who wait for it starting their own at the same moment. */
const WAITS = 2;

/**
 * Creates a cache over a store. An owner has a generation; an entry carries the one that was read before it was
 * computed and counts only while it is the present one. Evicting is setting a new one, so a slow computation's late
 * entry is dead on arrival, and nothing is ever searched for. Whatever else is deleted from the store, at any time,
 * costs a computation. Throws a `RangeError` on a bad wait.
 *
 * @example
 * const cache = createCache({ store: memoryStore() });
 * await cache.getOrCompute({ owner: 'orders:7', key: 'orders:7:page1', ttlMs: 300_000, compute: () => readOrders(7) });
 * await cache.evict(['orders:7']);
 */
export function createCache(options: CacheOptions): Cache {
  const { store, waitMs = DEFAULT_WAIT_MS, timer = systemTimer, logger = silentLogger, metrics = noMetrics } = options;
  if (!Number.isInteger(waitMs) || waitMs < 1) throw new RangeError('waitMs must be a positive integer');
  const life = createLife({ store, failed: lifeUnknown });
  const lookup = createLookup(store, { answered: life.answered, damaged: entryDamaged });
  const claims = createClaims({ store, lookup, timer, lockMs: waitMs });
  const flights = createFlights(timer);

  /** `owner` is absent for what concerns the store as a whole. */
  function storeFailed(operation: string, error: unknown, owner?: string): void {
    const whose = owner === undefined ? {} : { owner: kindOf(owner) };
    logger.warn({ operation, ...whose, error: String(error) }, 'cache store failed');
  }

  function lifeUnknown(error: unknown): void {
    metrics.count('cache_life_errors_total');
    storeFailed('life', error);
  }

  let damageLoggedAt = Number.NEGATIVE_INFINITY;

  /** It counts as a miss. */
  function entryDamaged(owner: string): void {
    if (timer.now() - damageLoggedAt < DAMAGE_LOGGED_EVERY_MS) return;
    damageLoggedAt = timer.now();
    logger.warn({ owner: kindOf(owner) }, 'damaged cache entry, computed anew');
  }

  async function fill(read: Read, generation: Generation, json: Buffer): Promise<void> {
    let result = 'stored';
    try {
      // Saves a dead write, which could cover a younger entry; what decides is the generation the entry carries.
      if (await lookup.lookUnder(read, generation)) await store.set(read.key, sealEntry(generation, json), read.ttlMs);
      else result = 'refused';
    } catch (error) {
      result = 'failed';
      storeFailed('fill', error, read.owner);
    }
    metrics.count('cache_fills_total', { owner: kindOf(read.owner), result });
  }

  /** Whoever waits for the lock goes on at once; without this they would when it expires. */
  async function release(read: Read, lock: Lock): Promise<void> {
    try {
      await store.remove(lockKey(read.key), lock);
    } catch (error) {
      metrics.count('cache_unlock_errors_total');
      storeFailed('unlock', error, read.owner);
    }
  }

  async function compute(read: Read, generation: Generation, lock: Lock | undefined): Promise<Obtained> {
    let landed = Promise.resolve();
    try {
      const json = await read.json();
      landed = fill(read, generation, json);
      return { json, result: 'miss', landed };
    } finally {
      if (lock !== undefined) void landed.then(() => release(read, lock));
    }
  }

  /** Obtains a value for all of this process who wait under this generation. */
  async function lead(read: Read, seen: Look, until: number): Promise<Obtained> {
    const lock = newLock(seen.generation);
    let claim: Claim;
    try {
      claim = await claims.claim(read, seen, lock, until);
    } catch (error) {
      storeFailed('lock', error, read.owner);
      return { ...(await compute(read, seen.generation, lock)), result: 'bypassed' };
    }
    if (claim.kind === 'answered') {
      if (claim.locked) void release(read, lock);
      return settled(claim.json, 'joined_elsewhere');
    }
    // Who waited under the old generation may have an answer of the new one, never the other way round.
    if (claim.kind === 'evicted') return obtain(read, until);
    return compute(read, seen.generation, claim.kind === 'ours' ? lock : undefined);
  }

  async function obtain(read: Read, until: number): Promise<Obtained> {
    for (;;) {
      let seen: Look | undefined;
      try {
        seen = await lookup.look(read);
      } catch (error) {
        storeFailed('read', error, read.owner);
      }
      // Without a generation nobody may join: what is under way may have begun before an eviction.
      if (!seen) return bypass(read);
      const { generation, json } = seen;
      if (json !== undefined) return settled(json, 'hit');
      const leftMs = until - timer.now();
      if (leftMs <= 0) return compute(read, generation, undefined);
      const under = seen;
      const flown = await flights.fly(`${read.key}\n${generation}`, Math.min(waitMs, leftMs), () =>
        lead(read, under, until),
      );
      if (flown !== OVERDUE) return flown.joined ? settled(flown.landing.json, 'joined') : flown.landing;
    }
  }

  async function getOrComputeJson(read: CachedRead<unknown>): Promise<Buffer> {
    if (!isEntryKey(read)) throw new RangeError('a cache key must be well-formed and not that of a generation or lock');
    let result = 'failed';
    try {
      const obtained = await obtain(jsonOf(read), timer.now() + WAITS * waitMs);
      result = obtained.result;
      return obtained.json;
    } finally {
      metrics.count('cache_reads_total', { owner: kindOf(read.owner), result });
    }
  }

  return {
    getOrComputeJson,

    async getOrCompute(read) {
      const json = await getOrComputeJson(read);
      return json.length === 0 ? undefined : JSON.parse(json.toString());
    },

    async evict(owners) {
      const distinct = [...new Set(owners)];
      const { life: evictedIn, owners: failed, cause } = await renewUnderLife(store, distinct, life);
      const isFailed = new Set(failed);
      for (const owner of distinct) {
        const result = isFailed.has(owner) ? 'failed' : 'evicted';
        metrics.count('cache_evictions_total', { owner: kindOf(owner), result });
      }
      if (evictedIn !== undefined && failed.length === 0) return evictedIn;
      logger.warn({ owners: failed.length, error: String(cause) }, 'cache eviction failed');
      throw new CacheEvictionError(failed, { cause, ...(evictedIn !== undefined && { life: evictedIn }) });
    },

    life: async () => (await life.present()).name,
  };
}

/** A read that answers JSON. */
type Read = Omit<CachedRead<unknown>, 'compute'> & { json(): Promise<Buffer> };

interface Obtained extends Landing {
  readonly result: string;
}

function jsonOf({ compute, ...read }: CachedRead<unknown>): Read {
  return {
    ...read,
    async json() {
      return Buffer.from(JSON.stringify(await compute()) ?? '');
    },
  };
}

function settled(json: Buffer, result: string): Obtained {
  return { json, result, landed: Promise.resolve() };
}

async function bypass(read: Read): Promise<Obtained> {
  return settled(await read.json(), 'bypassed');
}

/** Two keys that differ in a lone surrogate only are the same bytes to a server. */
function isEntryKey({ owner, key }: CachedRead<unknown>): boolean {
  return key !== generationKey(owner) && !isLockKey(key) && !/\p{Surrogate}/u.test(key);
}

function kindOf(owner: string): string {
  return owner.split(':', 1)[0] ?? owner;
}
