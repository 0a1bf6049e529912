import { setImmediate } from 'node:timers/promises';
import type { CacheStore } from './cache-store.js';
import { GENERATION_TTL_MS, type Generation, generationKey, newGeneration } from './generation.js';
import type { Life } from './life.js';

/** Owners that kept their generation, as far as is known, and why the first of them did. */
export interface Unrenewed {
  readonly owners: readonly string[];
  readonly cause: unknown;
}

/**
 * Enough to keep a server busy. All at once, of tens of thousands the last would wait for the others longer than a store
 * waits for an answer, and whatever else this process does would wait with them.
 */
const CONCURRENT_RENEWALS = 500;

/**
 * Gives each owner a generation from `next`, and stops asking a store that takes none of many: each may cost a timeout.
 * Never rejects.
 */
export async function renewGenerations(
  store: Pick<CacheStore, 'set'>,
  owners: readonly string[],
  next: () => Generation,
): Promise<Unrenewed> {
  const unrenewed: string[] = [];
  let cause: unknown;
  for (let start = 0; start < owners.length; start += CONCURRENT_RENEWALS) {
    const chunk = owners.slice(start, start + CONCURRENT_RENEWALS);
    const renew = async (owner: string) => store.set(generationKey(owner), next(), GENERATION_TTL_MS);
    const outcomes = await Promise.allSettled(chunk.map(renew));
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    cause ??= failures[0]?.reason;
    if (failures.length === chunk.length) return { owners: [...unrenewed, ...owners.slice(start)], cause };
    unrenewed.push(...chunk.filter((_, index) => outcomes[index]?.status === 'rejected'));
    // A store in this process answers without letting anybody else have a turn.
    if (start + CONCURRENT_RENEWALS < owners.length) await setImmediate();
  }
  return { owners: unrenewed, cause };
}

/**
 * The same in the store's present life; answers its name, where the store told it. It is asked for before: should another
 * life begin meanwhile, the generations count for no more than this one, and who compares sees another one. Never rejects.
 */
export async function renewUnderLife(
  store: Pick<CacheStore, 'set'>,
  owners: readonly string[],
  life: Pick<Life, 'present'>,
): Promise<Unrenewed & { readonly life?: string }> {
  try {
    const { name, incarnation } = await life.present();
    return { life: name, ...(await renewGenerations(store, owners, () => newGeneration(incarnation))) };
  } catch (cause) {
    return { owners, cause };
  }
}
