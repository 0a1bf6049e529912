import type { Cluster, Redis } from 'ioredis';
import { createNamePerMaster } from './name-per-master.js';
import { redisNames } from './redis-names.js';

/** How long the keys of a probe stay, in milliseconds. */
const PROBE_RETENTION_MS = 60_000;

/**
 * Makes a probe that rejects when the server, or any master of a cluster, takes no writes now, and so no appends. It
 * writes one key to each.
 */
export function createWriteProbe(client: Redis | Cluster, prefix: string): () => Promise<void> {
  const namesOf = createNamePerMaster(redisNames(prefix).probe);
  return async () => {
    await Promise.all(namesOf(client).map((name) => client.set(name, '1', 'PX', PROBE_RETENTION_MS)));
  };
}
