import { canonicalForm, type QueryKey } from './query-key.js';

/** Query keys without repetitions, each reachable by its canonical form. */
export type KeySet = ReadonlyMap<string, QueryKey>;

/** Collects query keys into a set, by canonical form. */
export function keySet(keys: Iterable<QueryKey>): KeySet {
  const set = new Map<string, QueryKey>();
  for (const key of keys) set.set(canonicalForm(key), key);
  return set;
}

/** Whether invalidating `prefix` also invalidates `key`: its elements are the first elements of `key`. */
export function isKeyPrefix(prefix: QueryKey, key: QueryKey): boolean {
  if (prefix.length > key.length) return false;
  return prefix.every((element, index) => {
    const other = key[index];
    return other !== undefined && canonicalForm(element) === canonicalForm(other);
  });
}

/**
 * The fewest keys that invalidate the same queries: repetitions go, and so does every key of which another one is an
 * array prefix. Objects are compared whole, never as subsets: a client may match them either way. Order is kept.
 */
export function reduceKeys(keys: Iterable<QueryKey>): QueryKey[] {
  const set = keySet(keys);
  return [...set.values()].filter((key) => !hasShorterPrefix(key, set));
}

function hasShorterPrefix(key: QueryKey, set: KeySet): boolean {
  for (let length = 1; length < key.length; length += 1) {
    if (set.has(canonicalForm(key.slice(0, length)))) return true;
  }
  return false;
}
