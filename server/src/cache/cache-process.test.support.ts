import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { redisCommands } from '../redis/connect.js';
import { createCache } from './cache.js';
import { redisStore } from './redis-store.js';

/** Counts computations in the server, so that all processes count together. */
export const COMPUTED = 'computed';
/** While this key is missing, computations wait. */
export const GO = 'go';

/** What all processes read. */
export function gatedRead(client: ReturnType<typeof redisCommands>, name: string) {
  return {
    owner: 'orders:1',
    key: 'orders:1:page',
    ttlMs: 60_000,
    compute: async () => {
      await client.incr(COMPUTED);
      while ((await client.exists(GO)) === 0) await new Promise((resolve) => setImmediate(resolve));
      return name;
    },
  };
}

/** A process of its own that reads through a cache. */
export interface CacheProcess {
  /** Begins this many reads at once. */
  read(count: number): void;
  /** What they answered. */
  answers(): Promise<readonly string[]>;
  /** SIGKILL: nothing is released. */
  kill(): Promise<void>;
}

/** Starts one; resolves once it is connected. Kill it at the end. */
export async function startCacheProcess(url: string, waitMs: number): Promise<CacheProcess> {
  const child = fork(fileURLToPath(import.meta.url), [url, String(waitMs)], {
    execArgv: ['--conditions=querycast-source', '--import', 'tsx'],
  });
  await once(child, 'message');
  const answered = once(child, 'message');
  return {
    read(count) {
      child.send(count);
    },
    async answers() {
      const [answers] = await answered;
      return answers;
    },
    kill: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , url = '', waitMs] = process.argv;
  const client = redisCommands({ url });
  const cache = createCache({ store: redisStore(client), waitMs: Number(waitMs) });
  client.once('ready', () => process.send?.('ready'));
  process.once('disconnect', () => process.exit());
  process.once('message', async (count: number) => {
    const reads = Array.from({ length: count }, () => cache.getOrCompute(gatedRead(client, 'child')));
    process.send?.(await Promise.all(reads));
  });
}
