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
  /** What the reads begun last answered. */
  answers(): Promise<readonly string[]>;
  /** Evicts what all processes read; resolves once that is done. */
  evict(): Promise<void>;
  /** SIGKILL: nothing is released. */
  kill(): Promise<void>;
}

/** Starts one; resolves once it is connected. Kill it at the end. */
export async function startCacheProcess(url: string, waitMs: number): Promise<CacheProcess> {
  const child = fork(fileURLToPath(import.meta.url), [url, String(waitMs)], {
    execArgv: ['--conditions=querycast-source', '--import', 'tsx'],
  });
  await once(child, 'message');
  let answered: Promise<readonly string[]> = Promise.resolve([]);

  /** What the child sends next under this name. */
  function told(name: 'answers' | 'evicted'): Promise<readonly string[]> {
    return new Promise((resolve) => {
      const listen = (message: Record<string, readonly string[]>) => {
        if (!message[name]) return;
        child.off('message', listen);
        resolve(message[name]);
      };
      child.on('message', listen);
    });
  }

  return {
    read(count) {
      answered = told('answers');
      child.send(count);
    },
    answers: () => answered,
    async evict() {
      const evicted = told('evicted');
      child.send('evict');
      await evicted;
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
  const cache = createCache({ store: redisStore(client, { timeoutMs: 60_000 }), waitMs: Number(waitMs) });
  client.once('ready', () => process.send?.('ready'));
  process.once('disconnect', () => process.exit());
  process.on('message', async (message: number | 'evict') => {
    if (message === 'evict') {
      await cache.evict(['orders:1']);
      process.send?.({ evicted: [] });
      return;
    }
    const reads = Array.from({ length: message }, () => cache.getOrCompute(gatedRead(client, 'child')));
    process.send?.({ answers: await Promise.all(reads) });
  });
}
