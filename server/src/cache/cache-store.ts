/** Several keys as of one moment. */
export interface CacheSnapshot {
  /**
   * The value of each key asked for, in their order, as bytes that nobody may change; `undefined` where there is none.
   */
  readonly values: readonly (Buffer | undefined)[];
  /** Names the life of the server that answered. It changes whenever acknowledged writes may have been lost or undone. */
  readonly incarnation: string;
}

/** A write that happens only if the key still is as it was seen. */
export interface Replacement {
  /** The value that was seen; `undefined` for none. */
  readonly expected: string | undefined;
  readonly value: string;
  readonly ttlMs: number;
}

/**
 * Where the cache keeps its values. It may drop any key at any time. Callers validate (keys and texts are well-formed
 * Unicode, times to live whole milliseconds above 0); stores trust. A text is kept as its UTF-8.
 *
 * Every method settles by itself within a bounded time, and rejects with an error of the store's client when the store
 * did not answer: nothing is known then about whether a write happened. A store never repeats a write on its own: the
 * same value written once more, after others, would revive what was evicted in between.
 */
export interface CacheStore {
  /** Reads keys and incarnation in one atomic step. */
  get(keys: readonly string[]): Promise<CacheSnapshot>;
  /** Writes a value that lives for `ttlMs`. */
  set(key: string, value: string | Buffer, ttlMs: number): Promise<void>;
  /** Writes atomically if the key still has the expected value, and resolves to whether it did. */
  replace(key: string, replacement: Replacement): Promise<boolean>;
  /** Deletes atomically if the key still has the expected value, and resolves to whether it did. */
  remove(key: string, expected: string): Promise<boolean>;
}
