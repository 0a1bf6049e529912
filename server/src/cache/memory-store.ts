import { randomUUID } from 'node:crypto';
import type { CacheStore } from './cache-store.js';

/** Settings of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Milliseconds; default: `Date.now`. */
  readonly clock?: () => number;
  /** Most values kept; beyond it the least recently used one goes. Default: 10,000. */
  readonly maxEntries?: number;
}

const DEFAULT_MAX_ENTRIES = 10_000;

interface Entry {
  readonly value: Buffer;
  readonly expiresAt: number;
}

/** A store inside this process, for a backend that is one process. Never rejects; throws a `RangeError` on a bad limit. */
export function memoryStore(options: MemoryStoreOptions = {}): CacheStore {
  const { clock = Date.now, maxEntries = DEFAULT_MAX_ENTRIES } = options;
  if (!Number.isInteger(maxEntries) || maxEntries < 1) throw new RangeError('maxEntries must be a positive integer');
  const incarnation = randomUUID();
  // A map iterates in the order of insertion: the first key is the least recently used one.
  const entries = new Map<string, Entry>();

  function read(key: string): Buffer | undefined {
    const entry = entries.get(key);
    if (!entry) return undefined;
    entries.delete(key);
    if (entry.expiresAt <= clock()) return undefined;
    entries.set(key, entry);
    return entry.value;
  }

  function write(key: string, value: string | Buffer, ttlMs: number): void {
    entries.delete(key);
    entries.set(key, { value: copyOf(value), expiresAt: clock() + ttlMs });
    if (entries.size <= maxEntries) return;
    const [oldest] = entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
  }

  return {
    async get(keys) {
      return { values: keys.map(read), incarnation };
    },
    async set(key, value, ttlMs) {
      write(key, value, ttlMs);
    },
    async replace(key, { expected, value, ttlMs }) {
      if (read(key)?.toString() !== expected) return false;
      write(key, value, ttlMs);
      return true;
    },
    async remove(key, expected) {
      return read(key)?.toString() === expected && entries.delete(key);
    },
  };
}

/** With memory of its own: a small buffer is otherwise a piece of 8 kB shared with others, all held by each of them. */
function copyOf(value: string | Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(Buffer.byteLength(value));
  if (typeof value === 'string') copy.write(value);
  else value.copy(copy);
  return copy;
}
