import type { CacheStore } from './cache-store.js';
import { isLockOf, type Lock, lockKey } from './lock.js';
import type { EntryName, Look, Lookup } from './lookup.js';
import { type CacheTimer, pause } from './timer.js';

/**
 * Who computes an entry that nobody has.
 * - `ours`: this caller, and its lock says so to the others.
 * - `answered`: another process did, under the generation that is present; `locked` if the lock is this caller's all the
 *   same.
 * - `evicted`: nobody any more, the owner got another generation meanwhile.
 * - `alone`: this caller, beside whoever holds the lock, or because nothing would be kept.
 */
export type Claim =
  | { readonly kind: 'answered'; readonly json: Buffer; readonly locked: boolean }
  | { readonly kind: 'ours' | 'evicted' | 'alone' };

/** Settles between processes who computes. */
export interface Claims {
  /**
   * Puts `own` as the entry's lock, or waits for what the holder of the lock computes, until `until` of the timer at the
   * latest. A lock that ends without an entry passes to one of those who wait. Rejects as the store does; then the lock
   * may be this caller's or not.
   */
  claim(name: EntryName, seen: Look, own: Lock, until: number): Promise<Claim>;
}

/** Settings of {@link createClaims}. */
export interface ClaimsOptions {
  readonly store: CacheStore;
  readonly lookup: Lookup;
  readonly timer: CacheTimer;
  /** How long a lock stands for a holder that says nothing more, in milliseconds. */
  readonly lockMs: number;
}

/** Looks grow rarer with the wait: a short computation is noticed at once, a long one costs ten looks a second. */
const FIRST_PAUSE_MS = 5;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 100;

/** Creates the claims of one cache. */
export function createClaims({ store, lookup, timer, lockMs }: ClaimsOptions): Claims {
  async function take(name: EntryName, seen: Look, own: Lock): Promise<Claim | undefined> {
    const taken = await store.replace(lockKey(name.key), { expected: seen.lock, value: own, ttlMs: lockMs });
    if (!taken) return undefined;
    // Between the look and the lock another holder may have come and gone, and left the entry.
    const again = await lookup.lookUnder(name, seen.generation);
    return again?.json === undefined ? { kind: 'ours' } : { kind: 'answered', json: again.json, locked: true };
  }

  return {
    async claim(name: EntryName, first: Look, own: Lock, until: number): Promise<Claim> {
      const { generation } = first;
      let seen = first;
      let pauseMs = FIRST_PAUSE_MS;
      for (;;) {
        const leftMs = until - timer.now();
        if (leftMs <= 0) return { kind: 'alone' };
        if (isLockOf(seen.lock, generation)) {
          // Of all who wait in other processes, not all should look at the same moment.
          await pause(timer, Math.min(pauseMs * (0.5 + Math.random()), leftMs));
          pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
        } else {
          const claim = await take(name, seen, own);
          if (claim) return claim;
        }
        const next = await lookup.look(name);
        if (!next) return { kind: 'alone' };
        if (next.json !== undefined) return { kind: 'answered', json: next.json, locked: false };
        if (next.generation !== generation) return { kind: 'evicted' };
        seen = next;
      }
    },
  };
}
