import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Inputs within which a mistake must show. */
const WITHIN = 5_000;

test.each(MUTANTS)('the place of a mistake is where it was: $name', async ({ file, find }) => {
  expect((await readFile(join(ROOT, file), 'utf8')).split(find)).toHaveLength(2);
});

/** Minutes: each runs the fuzz of a door anew. None otherwise: one that is skipped counts as one that failed. */
test.each(process.env['FUZZ_MUTANTS'] === 'true' ? MUTANTS : [])(
  'it is found when $name',
  async ({ door, file, find, replace }) => {
    const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
    const env = { ...process.env, FUZZ_MUTANT: JSON.stringify({ file, find, replace }), FUZZ_RUNS: String(WITHIN) };
    const child = spawn(process.execPath, [vitest, 'run', '--project', 'fuzz', `e2e/fuzz/doors/${door}`], {
      cwd: ROOT,
      env,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const [code] = await once(child, 'close');
    console.log(/^.*last failed with.*$/m.exec(output)?.[0].slice(0, 300) ?? output.slice(-2_000));
    expect(code).toBe(1);
    expect(output).toContain('last failed with');
  },
  600_000,
);
