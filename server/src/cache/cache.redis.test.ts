import type { RedisServer } from '@querycast/test-servers';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { CacheEvictionError, createCache } from './cache.js';
import { useRedisCaches } from './redis-caches.test.support.js';
import { redisStore } from './redis-store.js';

const { started, connected } = useRedisCaches();

interface Seen {
  readonly results: Map<string, number>;
  readonly stale: string[];
}

/** What every read of a cache must respect: it began after these evictions had completed. */
function oracle() {
  const version = new Map<string, number>();
  const floor = new Map<string, number>();
  const of = (from: Map<string, number>, owner: string) => from.get(owner) ?? 0;
  return {
    floor: (owner: string) => of(floor, owner),
    version: (owner: string) => of(version, owner),
    write(owner: string): number {
      version.set(owner, of(version, owner) + 1);
      return of(version, owner);
    },
    evicted: (owner: string, written: number) => floor.set(owner, Math.max(of(floor, owner), written)),
  };
}

/** Two processes on one server that read, write and evict, and never answer what an eviction ended. */
async function processes(server: RedisServer, padding: string) {
  const truth = oracle();
  const seen: Seen = { results: new Map(), stale: [] };
  const metrics = {
    count(_: string, labels: Readonly<Record<string, string>> = {}) {
      const result = labels['result'] ?? '';
      seen.results.set(result, (seen.results.get(result) ?? 0) + 1);
    },
    gauge() {},
    observe() {},
  };
  const caches = [
    createCache({ store: redisStore(await connected(server)), metrics }),
    createCache({ store: redisStore(await connected(server)), metrics }),
  ] as const;

  async function read(process: 0 | 1, owner: string): Promise<void> {
    const least = truth.floor(owner);
    const { value } = await caches[process].getOrCompute({
      owner,
      key: `${owner}:page`,
      ttlMs: 60_000,
      compute: async () => {
        const value = truth.version(owner);
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return { value, padding };
      },
    });
    if (value < least) seen.stale.push(`${owner} answered ${value} after the eviction of ${least}`);
  }

  async function write(process: 0 | 1, owner: string): Promise<void> {
    const written = truth.write(owner);
    try {
      await caches[process].evict([owner]);
      truth.evicted(owner, written);
    } catch (error) {
      // An eviction that was not confirmed promises nothing.
      if (!(error instanceof CacheEvictionError)) throw error;
    }
  }

  /** Resolves once both processes reach the server. */
  async function healed(): Promise<void> {
    for (const cache of caches) await vi.waitFor(() => cache.evict(['nobody:1']), { timeout: 10_000 });
  }

  return { seen, read, write, healed };
}

/** Many at a time, as requests come. */
async function inParallel<T>(steps: readonly T[], act: (step: T) => Promise<unknown>): Promise<void> {
  const waiting = [...steps];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await act(step);
  };
  await Promise.all(Array.from({ length: 12 }, worker));
}

const OWNERS = ['orders:1', 'orders:2', 'orders:3'];
const KEYS = OWNERS.flatMap((owner) => [`${owner}:gen`, `${owner}:page`, `${owner}:page:lock`]);

const anyProcess = fc.constantFrom(0 as const, 1 as const);
const ofOne = { process: anyProcess, owner: fc.constantFrom(...OWNERS) };
const step = fc.oneof(
  { weight: 60, arbitrary: fc.record({ kind: fc.constant('read' as const), ...ofOne }) },
  { weight: 15, arbitrary: fc.record({ kind: fc.constant('write' as const), ...ofOne }) },
  {
    weight: 15,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), keys: fc.subarray(KEYS, { minLength: 1 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
);

test('whatever keys somebody deletes by hand and whenever connections break, nothing evicted is answered', async () => {
  const server = await started();
  const operator = await connected(server);
  const { seen, read, write, healed } = await processes(server, '');
  // What is under way feels a cut; what comes later waits, or most of the run would go by without a server.
  let reachable = Promise.resolve();
  async function cut(): Promise<void> {
    await operator.call('CLIENT', 'KILL', 'TYPE', 'normal');
    await healed();
  }
  const steps = fc.array(step, { minLength: 300, maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      await inParallel(all, async (each) => {
        await reachable;
        if (each.kind === 'delete') return operator.del(...each.keys);
        if (each.kind === 'flush') return operator.flushall();
        if (each.kind === 'cut') {
          reachable = cut();
          return reachable;
        }
        return each.kind === 'read' ? read(each.process, each.owner) : write(each.process, each.owner);
      });
      expect(seen.stale).toEqual([]);
    }),
    { numRuns: 15, endOnFailure: true },
  );
  for (const result of ['hit', 'joined_elsewhere', 'refused', 'failed'])
    expect(seen.results.get(result)).toBeGreaterThan(10);
});

test.each(['allkeys-lru', 'allkeys-random'])(
  'whatever a full server drops by %s, nothing evicted is answered',
  async (policy) => {
    const server = await started({ config: { maxmemory: '4mb', 'maxmemory-policy': policy } });
    const { seen, read, write } = await processes(server, 'x'.repeat(50_000));
    const owner = fc.nat(149).map((id) => `orders:${id}`);
    const steps = fc.sample(
      fc.record({ kind: fc.constantFrom('read', 'read', 'read', 'write'), process: anyProcess, owner }),
      3_000,
    );
    await inParallel(steps, async (each) =>
      each.kind === 'read' ? read(each.process, each.owner) : write(each.process, each.owner),
    );
    expect(seen.stale).toEqual([]);
    expect(await server.cli('INFO', 'stats')).toMatch(/evicted_keys:[1-9]\d\d/);
    expect(seen.results.get('hit')).toBeGreaterThan(50);
  },
);
