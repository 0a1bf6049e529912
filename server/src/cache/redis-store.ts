import { type LuaClient, luaScript, readLua } from '../redis/lua-script.js';
import type { CacheSnapshot, CacheStore } from './cache-store.js';
import { OVERDUE, systemTimer, within } from './timer.js';

/** What the store needs of a client; `Redis` of ioredis satisfies it. */
export interface RedisStoreClient extends LuaClient {
  /** A cluster is refused: an owner's keys are not in one slot. */
  readonly isCluster?: boolean;
  /** One that repeats commands by itself after a reconnect is refused. */
  readonly options?: object;
  /** Sends any command; its answer holds bytes instead of texts. */
  callBuffer(command: string, ...args: (string | number)[]): Promise<unknown>;
  set(key: string, value: string | Buffer, unit: 'PX', ttlMs: number): Promise<unknown>;
  set(key: string, value: string, unit: 'PX', ttlMs: number, condition: 'NX'): Promise<unknown>;
}

/** Settings of {@link redisStore}. */
export interface RedisStoreOptions {
  /** In front of every key. Default: none, so that keys appear in the server as the cache names them. */
  readonly prefix?: string;
  /** Longest wait for an answer, in milliseconds, whatever the client does. Default: 1,000. */
  readonly timeoutMs?: number;
}

/** The server did not answer in time. Nothing is known about whether a write happened. */
export class RedisStoreTimeoutError extends Error {
  readonly code = 'cache_store_timeout';

  constructor(timeoutMs: number) {
    super(`the cache server did not answer within ${timeoutMs} ms`);
    this.name = 'RedisStoreTimeoutError';
  }
}

/** The server answered something else than the script returns: perhaps a proxy, or a server that is not Redis. */
export class RedisStoreReplyError extends Error {
  readonly code = 'cache_store_reply';

  constructor(reply: unknown) {
    super(`the cache server answered ${Array.isArray(reply) ? 'another list' : typeof reply} instead of a snapshot`);
    this.name = 'RedisStoreReplyError';
  }
}

const DEFAULT_TIMEOUT_MS = 1_000;

/**
 * A store in Redis 7 or Valkey, for any number of processes. The client is from `redisCommands`, for a single server or
 * Sentinel; the caller owns and closes it. Throws a `RangeError` for a client that would repeat writes, or a cluster's.
 *
 * @example
 * const store = redisStore(redisCommands({ url: 'redis://127.0.0.1:6379' }));
 * const cache = createCache({ store });
 */
export function redisStore(client: RedisStoreClient, options: RedisStoreOptions = {}): CacheStore {
  const { prefix = '', timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (client.isCluster) throw new RangeError('the cache needs a single Redis server, not a cluster');
  if (repeatsWrites(client)) throw new RangeError('the client must be made with autoResendUnfulfilledCommands: false');
  const inBytes = bytesOf(client);
  const get = luaScript(readLua('cache', 'cache-get'));
  const replace = luaScript(readLua('cache', 'cache-replace'));
  const remove = luaScript(readLua('cache', 'cache-remove'));

  async function answered(answer: Promise<unknown>): Promise<unknown> {
    const reply = await within(systemTimer, timeoutMs, answer);
    if (reply === OVERDUE) throw new RedisStoreTimeoutError(timeoutMs);
    return reply;
  }

  return {
    async get(keys) {
      const named = keys.map((key) => prefix + key);
      return parseSnapshot(await answered(get.run(inBytes, named, [])));
    },
    async set(key, value, ttlMs) {
      await answered(client.set(prefix + key, value, 'PX', ttlMs));
    },
    async replace(key, { expected, value, ttlMs }) {
      if (expected === undefined) return (await answered(client.set(prefix + key, value, 'PX', ttlMs, 'NX'))) === 'OK';
      return (await answered(replace.run(client, [prefix + key], [expected, value, ttlMs]))) === 1;
    },
    async remove(key, expected) {
      return (await answered(remove.run(client, [prefix + key], [expected]))) === 1;
    },
  };
}

/** Answers are bytes: a large one goes on as it came, never read as text and written anew. */
function bytesOf(client: RedisStoreClient): LuaClient {
  return {
    eval: (...args) => client.callBuffer('EVAL', ...args),
    evalsha: (...args) => client.callBuffer('EVALSHA', ...args),
  };
}

/** A write repeated after others would bring back a generation that was evicted in between. ioredis does so by default. */
function repeatsWrites({ options }: RedisStoreClient): boolean {
  return (
    options !== undefined && !('autoResendUnfulfilledCommands' in options && !options.autoResendUnfulfilledCommands)
  );
}

function parseSnapshot(reply: unknown): CacheSnapshot {
  if (!Array.isArray(reply)) throw new RedisStoreReplyError(reply);
  const [incarnation, values]: unknown[] = reply;
  if (!Buffer.isBuffer(incarnation) || !Array.isArray(values)) throw new RedisStoreReplyError(reply);
  return {
    incarnation: incarnation.toString(),
    values: values.map((value: unknown) => (Buffer.isBuffer(value) ? value : undefined)),
  };
}
