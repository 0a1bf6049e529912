import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundle, bundleSimulation } from './run/bundle.js';
import { runSeeds } from './run/run-seeds.js';

/** `SIMULATION_SEED` runs one seed and prints what happens in it; `SIMULATION_SEEDS` is how many run, from the first on. */
const only = process.env['SIMULATION_SEED'];
const count = only === undefined ? Number(process.env['SIMULATION_SEEDS'] ?? 1_000) : 1;
const from = Number(only ?? 1);

const TRACED_LINES = 150;

let bundle: Bundle;

beforeAll(async () => {
  bundle = await bundleSimulation();
}, 60_000);

afterAll(() => bundle.remove());

test(
  `${count} runs: at rest nobody is stale, nothing was told too early or to the wrong, nothing grew`,
  async () => {
    const results = await runSeeds(bundle, { from, count });
    expect(results).toHaveLength(count);
    const failed = results.filter(({ violations }) => violations.length > 0);
    if (only !== undefined || failed.length > 0) await printTrace(failed[0]?.seed ?? from);
    expect(failed.map(({ seed, faults, violations }) => ({ seed, faults, violations }))).toEqual([]);
  },
  24 * 3_600_000,
);

test('a seed is played again to the last message', async () => {
  const range = { from, count: 2, isTraced: true, threads: 1 };
  const [once, again] = [await runSeeds(bundle, range), await runSeeds(bundle, { ...range, threads: 2 })];
  expect(once[1]?.trace.length).toBeGreaterThan(100);
  expect(again.map(({ trace }) => trace)).toEqual(once.map(({ trace }) => trace));
}, 120_000);

async function printTrace(seed: number): Promise<void> {
  const [result] = await runSeeds(bundle, { from: seed, count: 1, isTraced: true });
  const lines = result?.trace ?? [];
  const schedule = lines.filter((line) => line.includes('  FAULT  '));
  const shown = only === undefined ? lines.slice(-TRACED_LINES) : lines;
  const replay = `SIMULATION_SEED=${seed} npx vitest run --project simulation e2e/simulation/simulation`;
  const parts = [`seed ${seed}; all of it: ${replay}`, 'faults:', ...schedule, 'what happened, at last:', ...shown];
  console.log(parts.join('\n'));
}
