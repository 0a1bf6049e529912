import { canonicalForm, type QueryKey } from '@querycast/protocol';

/** A list of query keys that nobody can change any more. */
export interface FrozenKeys {
  readonly keys: readonly QueryKey[];
  /** The canonical form of each key, in the same order. */
  readonly forms: readonly string[];
}

/** By the list itself: what was made here needs no second copy. */
const known = new WeakMap<readonly QueryKey[], FrozenKeys>();

/**
 * Copies query keys, deeply frozen, with their canonical forms. Given a list it made before, it answers the same again:
 * a publish to many rooms pays for its keys once, and the logs of all rooms share them. Throws a `TypeError` for a key
 * that JSON cannot express.
 */
export function freezeKeys(keys: readonly QueryKey[]): FrozenKeys {
  const before = known.get(keys);
  if (before) return before;
  const copy = freezeDeep(structuredClone([...keys]));
  const frozen: FrozenKeys = { keys: copy, forms: copy.map((key) => canonicalForm(key)) };
  known.set(copy, frozen);
  return frozen;
}

function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freezeDeep(member);
  return Object.freeze(value);
}
