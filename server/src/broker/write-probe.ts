import type { Cluster, Redis } from 'ioredis';
import { slotOf } from '../redis/connect.js';
import { redisNames } from './redis-names.js';

/** How long the keys of a probe stay, in milliseconds. */
const PROBE_RETENTION_MS = 60_000;

/**
 * Makes a probe that rejects when the server, or any master of a cluster, takes no writes now, and so no appends. It
 * writes one key to each.
 */
export function createWriteProbe(client: Redis | Cluster, prefix: string): () => Promise<void> {
  const { probe } = redisNames(prefix);
  /** The slot of each probe that was ever looked at; they never change. */
  const slots: number[] = [];

  /** One key that belongs to each master. Any slot is met sooner or later; the first few numbers meet most masters. */
  function probesOf({ slots: owners }: Cluster): string[] {
    const missing = new Set(owners.flatMap(([owner]) => owner ?? []));
    const names: string[] = [];
    for (let n = 0; missing.size > 0; n += 1) {
      const slot = slots[n] ?? slotOf(probe(n));
      slots[n] = slot;
      const [owner] = owners[slot] ?? [];
      if (owner !== undefined && missing.delete(owner)) names.push(probe(n));
    }
    return names;
  }

  return async () => {
    const names = 'nodes' in client ? probesOf(client) : [probe()];
    await Promise.all(names.map((name) => client.set(name, '1', 'PX', PROBE_RETENTION_MS)));
  };
}
