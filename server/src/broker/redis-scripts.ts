import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';

/** A Lua script of the log, run atomically by the server. */
export interface RedisScript {
  /** Runs it; rejects as the client does. */
  run(client: Redis | Cluster, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

/**
 * Where the Lua files are: in `src` also for the compiled code, because both are in the package and the compiler copies
 * nothing. `../../src/broker` leads there from `src/broker` and from `dist/broker`.
 */
const LUA_FOLDER = new URL('../../src/broker/lua/', import.meta.url);

/** Loads `lua/<name>.lua` behind the head check that every script of the log begins with. Throws when it is missing. */
export function loadRedisScript(name: 'log-append' | 'log-read'): RedisScript {
  const source = `${readLua('log-head')}\n${readLua(name)}`;
  const sha = createHash('sha1').update(source).digest('hex');

  return {
    async run(client, keys, args) {
      try {
        return await client.evalsha(sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!isForgotten(error)) throw error;
        // The server was restarted or told to forget its scripts. The refused call changed nothing, so send it whole.
        return await client.eval(source, keys.length, ...keys, ...args);
      }
    },
  };
}

function readLua(name: string): string {
  return readFileSync(new URL(`${name}.lua`, LUA_FOLDER), 'utf8');
}

function isForgotten(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
