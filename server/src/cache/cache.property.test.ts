import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CacheEvictionError, createCache } from './cache.js';
import { generationKey } from './generation.js';
import { lockKey } from './lock.js';
import { replicatedStore } from './replicated-store.test.support.js';
import type { CacheTimer } from './timer.js';

/** What a computation fails with that is to fail. */
const NO_SUCH_ORDER = new Error('no such order');

const OWNERS = ['orders:1', 'orders:2'];
const KEYS = OWNERS.flatMap((owner) => [generationKey(owner), owner, lockKey(owner)]);

const read = fc.record({
  kind: fc.constant('read' as const),
  owner: fc.constantFrom(...OWNERS),
  failing: fc.boolean(),
});
const write = fc.record({ kind: fc.constant('write' as const), owner: fc.constantFrom(...OWNERS) });
const drop = fc.record({ kind: fc.constant('drop' as const), keys: fc.subarray(KEYS, { minLength: 1 }) });
const outage = fc.record({ kind: fc.constantFrom('pause' as const, 'fail over' as const, 'cut' as const) });

const step = fc.oneof(
  { weight: 7, arbitrary: read },
  { weight: 3, arbitrary: write },
  { weight: 1, arbitrary: drop },
  { weight: 1, arbitrary: outage },
);

test('a read that starts after an eviction completed never answers with data from before it', async () => {
  let [hits, elsewhere] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 30, size: 'max' }), async (scheduler, steps) => {
      const store = replicatedStore();
      let cut = 0;
      store.network = async () => {
        await scheduler.schedule(Promise.resolve());
        if (cut === 0) return;
        cut -= 1;
        throw new Error('connection reset');
      };
      // Time passes when a timer ends, and the scheduler decides which one does: any process may be slow at any moment.
      let now = 0;
      const timer: CacheTimer = {
        now: () => now,
        start(ms, done) {
          let running = true;
          void scheduler.schedule(Promise.resolve()).then(() => {
            if (!running) return;
            now += ms;
            done();
          });
          return () => {
            running = false;
          };
        },
      };
      const metrics = {
        count(_: string, labels: Readonly<Record<string, string>> = {}) {
          if (labels['result'] === 'joined_elsewhere') elsewhere += 1;
        },
        gauge() {},
        observe() {},
      };
      // Two caches are two processes: they share the store and nothing else.
      const process = () => createCache({ store, timer, metrics, waitMs: 20 });
      const caches = [process(), process()] as const;
      const version = new Map(OWNERS.map((owner) => [owner, 0]));
      const floor = new Map(OWNERS.map((owner) => [owner, 0]));
      const stale: string[] = [];

      async function turns(count: number): Promise<void> {
        for (let turn = 0; turn < count; turn += 1) await scheduler.schedule(Promise.resolve());
      }

      async function readOnce(owner: string, failing: boolean, index: number): Promise<void> {
        const least = floor.get(owner) ?? 0;
        let computed = false;
        const answer = await caches[index % 2 === 0 ? 0 : 1].getOrCompute({
          owner,
          key: owner,
          ttlMs: 1_000,
          compute: async () => {
            computed = true;
            const seen = version.get(owner) ?? 0;
            await turns(8);
            if (failing) throw NO_SUCH_ORDER;
            return seen;
          },
        });
        if (!computed) hits += 1;
        if (answer < least) stale.push(`${owner} answered ${answer} after the eviction of ${least}`);
      }

      async function writeOnce(owner: string, index: number): Promise<void> {
        const written = (version.get(owner) ?? 0) + 1;
        version.set(owner, written);
        await caches[index % 3 === 0 ? 0 : 1].evict([owner]);
        floor.set(owner, Math.max(floor.get(owner) ?? 0, written));
      }

      const running = steps.map(async (each, index) => {
        await turns(index * 3);
        // Some computations fail on purpose, also for those who joined them; nothing else may.
        if (each.kind === 'read') {
          return readOnce(each.owner, each.failing, index).catch((error) => expect(error).toBe(NO_SUCH_ORDER));
        }
        // An eviction that was not confirmed promises nothing, and says so.
        if (each.kind === 'write') {
          return writeOnce(each.owner, index).catch((error) => expect(error).toBeInstanceOf(CacheEvictionError));
        }
        if (each.kind === 'drop') return each.keys.forEach(store.drop);
        if (each.kind === 'cut') cut += 3;
        else if (each.kind === 'pause') store.pauseReplication();
        else store.failOver();
      });
      await scheduler.waitFor(Promise.all(running));
      expect(stale).toEqual([]);
    }),
    // The limit also ends the search for the smallest failure.
    { numRuns: 500, interruptAfterTimeLimit: 15_000 },
  );
  // Without answers that were not computed by the reader itself the property would hold of no cache at all.
  expect(hits).toBeGreaterThan(100);
  expect(elsewhere).toBeGreaterThan(20);
});
