import type { CacheStore } from './cache-store.js';
import {
  GENERATION_TTL_MS,
  type Generation,
  generationKey,
  isOfIncarnation,
  newGeneration,
  openEntry,
} from './generation.js';
import { type Lock, lockKey } from './lock.js';

/** What names an entry: its owner, and its own key. */
export interface EntryName {
  readonly owner: string;
  readonly key: string;
}

/** What the store says about an entry, as of one moment. */
export interface Look {
  /** The owner's present generation. */
  readonly generation: Generation;
  /** The entry's JSON, if it carries that generation. */
  readonly json: Buffer | undefined;
  /** The lock beside it, of whatever generation. */
  readonly lock: Lock | undefined;
}

/** Reads what counts from a store. Rejects as the store does. */
export interface Lookup {
  /** Looks, and gives an owner without a generation one; resolves to `undefined` when no generation would stay. */
  look(name: EntryName): Promise<Look | undefined>;
  /** Looks again under a generation seen before; `undefined` when it is the present one no more. */
  lookUnder(name: EntryName, generation: Generation): Promise<Look | undefined>;
}

/** Others may create the owner's generation at the same moment, or drop it; more than this is a store that forgets all. */
const GENERATION_ATTEMPTS = 3;

/** What hears of looks. */
export interface LookupListeners {
  /** The store answered under this incarnation. */
  readonly answered: (incarnation: string) => void;
  /** The entry that was found is not as it was written. */
  readonly damaged: (owner: string) => void;
}

/** Creates the lookup of one cache. */
export function createLookup(store: CacheStore, { answered, damaged }: LookupListeners): Lookup {
  async function read({ owner, key }: EntryName) {
    const { values, incarnation } = await store.get([generationKey(owner), key, lockKey(key)]);
    answered(incarnation);
    const [generation, entry, holder] = values;
    const [stored, lock] = [generation?.toString(), holder?.toString()];
    const counts = stored !== undefined && isOfIncarnation(stored, incarnation);
    if (!counts) return { stored, lock, present: undefined, incarnation };
    const { json, isDamaged } = openEntry(entry, stored);
    if (isDamaged) damaged(owner);
    return { stored, lock, present: { generation: stored, json, lock }, incarnation };
  }

  return {
    async look(name: EntryName) {
      for (let attempt = 0; attempt < GENERATION_ATTEMPTS; attempt += 1) {
        const seen = await read(name);
        if (seen.present) return seen.present;
        const value = newGeneration(seen.incarnation);
        const replacement = { expected: seen.stored, value, ttlMs: GENERATION_TTL_MS };
        const created = await store.replace(generationKey(name.owner), replacement);
        // What somebody else wrote meanwhile is read again, not taken over: only a snapshot proves that it counts.
        if (created) return { generation: value, json: undefined, lock: seen.lock };
      }
      return undefined;
    },

    async lookUnder(name: EntryName, generation: Generation) {
      const { present } = await read(name);
      return present?.generation === generation ? present : undefined;
    },
  };
}
