import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.js';
import { bundleSimulation } from './run/bundle.js';
import { runSeeds } from './run/run-seeds.js';

/** Seeds within which a mistake must show. */
const WITHIN = 600;

test.each(MUTANTS)(
  'it is noticed when $name',
  async ({ name, under, from, patches }) => {
    const bundle = await bundleSimulation(patches);
    try {
      const results = await runSeeds(bundle, { from, count: WITHIN, threads: 1, faults: under, stopsAtFailure: true });
      const caught = results.find(({ violations }) => violations.length > 0);
      console.log(`${name}: seed ${caught?.seed}, ${caught?.violations[0]}`);
      expect(caught).toBeDefined();
    } finally {
      await bundle.remove();
    }
  },
  600_000,
);

test('a promise that rejects with nobody listening yet is noticed, as it would end a real process', async () => {
  const find = 'let isLive = false;';
  // Somebody listens in the end, as in the product where this would be a mistake: only the moment before is without.
  const replace = `${find}
    const early = Promise.reject(new Error('too early'));
    setTimeout(() => early.catch(() => {}), 0);`;
  const bundle = await bundleSimulation([{ file: 'server/src/gateway/room-hub.ts', find, replace }]);
  try {
    const [result] = await runSeeds(bundle, { from: 1, count: 1 });
    expect(result?.violations[0]).toBe('a promise rejected with nobody listening: Error: too early');
  } finally {
    await bundle.remove();
  }
}, 60_000);

test('a mutant whose place is not there exactly once is refused', async () => {
  const patch = { file: 'server/src/gateway/room-core.ts', replace: '' };
  await expect(bundleSimulation([{ ...patch, find: 'room' }])).rejects.toThrow('exactly once');
  await expect(bundleSimulation([{ ...patch, find: 'no such code' }])).rejects.toThrow('exactly once');
});
