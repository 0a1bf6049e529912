/** A map whose entries end some time after they were last set. */
export interface ExpiringMap<Key, Value> {
  /** The live value of a key; `undefined` when it was never set or its time is over. */
  get(key: Key): Value | undefined;
  /** Sets a value and starts its time anew. */
  set(key: Key, value: Value): void;
  /** Every value still in memory, also those whose time is over but which were not swept yet. */
  held(): Value[];
}

/** How many ended entries one `set` removes at most: more than it adds, so that the map shrinks without a long pause. */
const SWEEP_LIMIT = 16;

interface Entry<Value> {
  readonly value: Value;
  readonly endsAt: number;
}

/**
 * Creates a map that forgets without a timer, because a timer would keep the process alive: each `set` also removes a
 * few entries whose time is over. All live equally long (`lifetimeMs`), so the order of setting is the order of ending.
 */
export function createExpiringMap<Key, Value>(options: {
  readonly lifetimeMs: number;
  readonly clock: () => number;
}): ExpiringMap<Key, Value> {
  const { lifetimeMs, clock } = options;
  const entries = new Map<Key, Entry<Value>>();

  function sweep(now: number): void {
    let left = SWEEP_LIMIT;
    for (const [key, { endsAt }] of entries) {
      if (endsAt > now || left === 0) return;
      entries.delete(key);
      left -= 1;
    }
  }

  return {
    get(key) {
      const entry = entries.get(key);
      return entry && entry.endsAt > clock() ? entry.value : undefined;
    },
    set(key, value) {
      const now = clock();
      entries.delete(key);
      entries.set(key, { value, endsAt: now + lifetimeMs });
      sweep(now);
    },
    held() {
      return [...entries.values()].map(({ value }) => value);
    },
  };
}
