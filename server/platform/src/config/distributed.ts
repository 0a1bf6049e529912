import type { RedisTarget } from '@querycast/server/redis';
import { hostOf } from './server-urls.js';
import type { Variables } from './variables.js';

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;
const POSTGRES_PORT = 5432;

/** Where several processes meet. */
export interface Distributed {
  /** Holds a password: never for a log. */
  readonly databaseUrl: string;
  /** Where the logs of rooms are and messages pass; may hold a password. */
  readonly redis: RedisTarget;
  /** Where values are cached; may hold a password. `undefined`: nothing is cached. */
  readonly cache: RedisTarget | undefined;
  /** Sentences for the log of a start: what works, and could be better. */
  readonly warnings: readonly string[];
}

/** Reads where several processes meet; `undefined` when this one is alone. Trusts that the combination is allowed. */
export function distributedOf(read: Variables): Distributed | undefined {
  const { DATABASE_URL: databaseUrl, CACHE_REDIS_URL: cacheUrl } = read;
  const redis = logOf(read);
  if (databaseUrl === undefined || redis === undefined) return undefined;
  const cache = cacheUrl === undefined ? cacheBeside(redis) : { url: cacheUrl };
  return Object.freeze({ databaseUrl, redis, cache, warnings: Object.freeze(warningsOf(read, redis, cache)) });
}

/** The servers of a target as `host:port`, for people: without user, password and everything else in their URLs. */
export function serversOf(target: RedisTarget): string {
  if ('url' in target) return hostOf(target.url, REDIS_PORT);
  if ('cluster' in target) return `cluster of ${hosts(target.cluster, REDIS_PORT)}`;
  return `${target.name}, found by ${hosts(target.sentinels, SENTINEL_PORT)}`;
}

/** The database as `host:port/name`, for people. */
export function databaseOf(url: string): string {
  return `${hostOf(url, POSTGRES_PORT)}${new URL(url).pathname}`;
}

function logOf({ REDIS_URL, REDIS_SENTINEL_URLS, REDIS_SENTINEL_NAME, REDIS_CLUSTER_URLS }: Variables) {
  if (REDIS_URL !== undefined) return { url: REDIS_URL };
  if (REDIS_CLUSTER_URLS !== undefined) return { cluster: REDIS_CLUSTER_URLS };
  if (REDIS_SENTINEL_URLS === undefined || REDIS_SENTINEL_NAME === undefined) return undefined;
  return { sentinels: REDIS_SENTINEL_URLS, name: REDIS_SENTINEL_NAME };
}

/**
 * A cache needs several keys as of one moment and one incarnation, and a Cluster has neither. Never memory: an eviction
 * in one process would leave what the others hold.
 */
function cacheBeside(redis: RedisTarget): RedisTarget | undefined {
  return 'cluster' in redis ? undefined : redis;
}

function warningsOf(read: Variables, redis: RedisTarget, cache: RedisTarget | undefined): string[] {
  const warnings: string[] = [];
  if (cache === undefined) {
    warnings.push(
      'Nothing is cached: a Redis Cluster cannot hold the cache, and CACHE_REDIS_URL names no other server.',
    );
  } else if (serversOf(cache) === serversOf(redis)) {
    warnings.push(
      'Cache and log share one Redis: the log must never be evicted (maxmemory-policy noeviction), a cache wants to be ' +
        '(allkeys-lru). Set CACHE_REDIS_URL to a server of its own.',
    );
  }
  if (read.DEMO_DATA === true) {
    warnings.push('DEMO_DATA is on: the demo people, an administrator among them, log in with a public password.');
  }
  return warnings;
}

function hosts(urls: readonly string[], defaultPort: number): string {
  return urls.map((url) => hostOf(url, defaultPort)).join(', ');
}
