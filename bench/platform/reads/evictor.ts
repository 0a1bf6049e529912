import { once } from 'node:events';
import { storeOfDatabase } from '@querycast/platform-server/src/cache/store-of-database.js';
import type { Closers } from '@querycast/platform-server/src/closers.js';
import { type Cache, createCache } from '@querycast/server';
import { redisCommands, redisStore } from '@querycast/server/redis';
import type { Client } from 'pg';

/**
 * The platform's cache as another node has it, for evicting: what is read next is computed as after a change, with the
 * entry that no longer counts still in Redis.
 */
export async function createEvictor(cacheUrl: string, client: Client, closers: Closers): Promise<Pick<Cache, 'evict'>> {
  const redis = redisCommands({ url: cacheUrl });
  closers.add('evictor', () => redis.disconnect());
  await once(redis, 'ready');
  const { rows } = await client.query<{ id: string }>('SELECT id FROM database_identity');
  const cache = createCache({ store: storeOfDatabase(redisStore(redis), rows[0]?.id ?? '') });
  // New generations carry the incarnation of the server, which is learned by reading.
  await cache.getOrCompute({ owner: 'bench:0', key: 'bench:0', ttlMs: 1_000, compute: () => null });
  return cache;
}
