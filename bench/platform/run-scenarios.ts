import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import type { Closers } from '@querycast/platform-server/src/closers.js';
import type { Progress } from '../figures/progress.js';
import type { Options } from './options.js';
import { createEvictor } from './reads/evictor.js';
import { createGarbage } from './reads/garbage.js';
import { measureReads, READ_GOALS } from './reads/measure-reads.js';
import { readsTable } from './reads/reads-table.js';
import { measureRename } from './rename/measure-rename.js';
import { MAX_HELD_BACK_MS } from './rename/rename-figures.js';
import { renameTable } from './rename/rename-table.js';
import { type Stack, startStack } from './stack/start-stack.js';
import { createTimedClient } from './timed-client.js';

/** Programs that run all the time, beyond which percentiles tell of the machine. */
const QUIET_LOAD = 0.5;

/** Starts everything, measures, and prints what was measured; resolves to whether all goals were met. */
export async function runScenarios(options: Options, closers: Closers, progress: Progress): Promise<boolean> {
  const [load = 0] = loadavg();
  if (load > QUIET_LOAD) {
    progress.say(`the machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): so will be the figures`);
  }
  const stack = await startStack(options.sizes, closers, progress);
  const reads = options.scenarios.includes('reads') ? await runReads(stack, options, closers, progress) : [];
  if (reads.length > 0) console.log(readsTable(reads).join('\n'));
  const renames = options.scenarios.includes('rename')
    ? await measureRename({ ...stack, ...options, closers, progress })
    : [];
  if (renames.length > 0) console.log(['', ...renameTable(renames)].join('\n'));

  const passed = [...reads, ...renames].every((figures) => figures.passed);
  console.log(`\n${passed ? 'PASS' : 'FAIL'}`);
  if (options.json !== undefined) {
    const machine = { cores: cpus().length, load, node: process.version, platformHasOwnCore: !!stack.cores };
    const goals = { reads: READ_GOALS, rename: { heldBackMs: MAX_HELD_BACK_MS } };
    const { viewers, rounds, seconds } = options;
    const report = { passed, machine, rows: stack.rows, viewers, rounds, seconds, goals, reads, renames };
    await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  if (options.hold) {
    progress.say(`everything stays up until Ctrl-C: ${stack.url}, ${stack.databaseUrl}, ${stack.cacheUrl}`);
    // Something to wait for, or the process would end by itself.
    await new Promise(() => setInterval(() => {}, 60_000));
  }
  return passed;
}

async function runReads(stack: Stack, options: Options, closers: Closers, progress: Progress) {
  const http = createTimedClient(stack.url);
  try {
    const evictor = await createEvictor(stack.cacheUrl, stack.client, closers);
    return await measureReads({ ...stack, ...options, http, evictor, garbage: createGarbage(), progress });
  } finally {
    http.close();
  }
}
