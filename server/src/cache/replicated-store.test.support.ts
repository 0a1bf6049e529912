import type { CacheStore } from './cache-store.js';

/** A store as a replicated server behaves: after a failover it answers with what the replica had, under a new incarnation. */
export interface ReplicatedStore extends CacheStore {
  /** From now on writes reach the primary only. */
  pauseReplication(): void;
  failOver(): void;
  drop(key: string): void;
  keys(): readonly string[];
  /** Called before each operation acts and again before it answers; rejecting is a store that does not answer. */
  network: (operation: string, key: string, when: 'request' | 'response') => Promise<void>;
}

export function replicatedStore(): ReplicatedStore {
  let primary = new Map<string, Buffer>();
  let replica = new Map<string, Buffer>();
  let replicating = true;
  let life = 1;

  function write(key: string, value: string | Buffer): void {
    const bytes = Buffer.from(value);
    primary.set(key, bytes);
    if (replicating) replica.set(key, bytes);
  }

  function erase(key: string): void {
    primary.delete(key);
    if (replicating) replica.delete(key);
  }

  const store: ReplicatedStore = {
    network: async () => {},
    pauseReplication() {
      replicating = false;
    },
    failOver() {
      primary = replica;
      replica = new Map(primary);
      replicating = true;
      life += 1;
    },
    drop(key) {
      primary.delete(key);
      replica.delete(key);
    },
    keys: () => [...primary.keys()],
    async get(keys) {
      const [key = ''] = keys;
      await store.network('get', key, 'request');
      const snapshot = { values: keys.map((each) => primary.get(each)), incarnation: `life-${life}` };
      await store.network('get', key, 'response');
      return snapshot;
    },
    async set(key, value) {
      await store.network('set', key, 'request');
      write(key, value);
      await store.network('set', key, 'response');
    },
    async replace(key, { expected, value }) {
      await store.network('replace', key, 'request');
      const written = primary.get(key)?.toString() === expected;
      if (written) write(key, value);
      await store.network('replace', key, 'response');
      return written;
    },
    async remove(key, expected) {
      await store.network('remove', key, 'request');
      const removed = primary.get(key)?.toString() === expected;
      if (removed) erase(key);
      await store.network('remove', key, 'response');
      return removed;
    },
  };
  return store;
}
