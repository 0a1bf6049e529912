import { once } from 'node:events';
import { type RedisServer, type RedisServerOptions, startRedis } from '@querycast/test-servers';
import { afterEach, vi } from 'vitest';
import { redisCommands } from '../redis/connect.js';
import { type Cache, createCache } from './cache.js';
import { counted } from './cache.test.support.js';
import type { CacheStore } from './cache-store.js';
import { redisStore } from './redis-store.js';

/** A cache as a process has it: with a connection of its own. */
export interface CacheOnServer {
  readonly cache: Cache;
  readonly store: CacheStore;
  /** By name and labels, how often something was counted. */
  readonly counts: Map<string, number>;
}

/** Servers, connections and caches of one test. */
export interface RedisCaches {
  started(options?: RedisServerOptions): Promise<RedisServer>;
  connected(server: RedisServer): Promise<ReturnType<typeof redisCommands>>;
  /** `over` may stand between the cache and its store. */
  cacheOn(server: RedisServer, options?: CacheOnServerOptions): Promise<CacheOnServer>;
  /** Called when the test has ended, the last first. */
  afterwards(close: () => unknown): void;
}

/** Settings of a cache. */
export interface CacheOnServerOptions {
  readonly waitMs?: number;
  /** Longest wait for an answer of the server, in milliseconds. Default: a minute; the client waits 2 s. */
  readonly timeoutMs?: number;
  readonly over?: (store: CacheStore) => CacheStore;
}

/** Closes what a test opened after each test of the file that calls this. */
export function useRedisCaches(): RedisCaches {
  const closers: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function connected(server: RedisServer) {
    const client = redisCommands({ url: server.url });
    closers.push(() => client.disconnect());
    await once(client, 'ready');
    return client;
  }

  return {
    async started(options) {
      const server = await startRedis(options);
      closers.push(() => server.close());
      return server;
    },
    connected,
    async cacheOn(server, { waitMs = 5_000, timeoutMs = 60_000, over = (store: CacheStore) => store } = {}) {
      const { metrics, counts } = counted();
      const store = over(redisStore(await connected(server), { timeoutMs }));
      return { cache: createCache({ store, metrics, waitMs }), store, counts };
    },
    afterwards: (close) => void closers.push(close),
  };
}

/** Tries until it passes; a busy machine may take its time. */
export function soon(attempt: () => unknown): Promise<unknown> {
  return vi.waitFor(attempt, { timeout: 10_000 });
}
