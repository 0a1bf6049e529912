import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What a script needs of a client; those of ioredis satisfy it. */
export interface LuaClient {
  eval(source: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
  evalsha(sha: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
}

/** A Lua script, run atomically by the server. */
export interface LuaScript {
  /** Runs it once; rejects as the client does. */
  run(client: LuaClient, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

/** Makes a script of Lua source; the server is sent the whole of it only when it does not know it. */
export function luaScript(source: string): LuaScript {
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

/**
 * Reads `<folder>/lua/<name>.lua` of this package. The files are in `src` also for the compiled code, because both are in
 * the package and the compiler copies nothing. `../../src` leads there from `src/redis` and from `dist/redis`.
 */
export function readLua(folder: 'broker' | 'cache', name: string): string {
  return readFileSync(new URL(`../../src/${folder}/lua/${name}.lua`, import.meta.url), 'utf8');
}

function isForgotten(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
