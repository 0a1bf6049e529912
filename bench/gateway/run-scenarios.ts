import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import type { Closers } from '@querycast/platform-server/src/closers.js';
import type { Progress } from '../figures/progress.js';
import { tableLines } from '../figures/table.js';
import { isBounded, type MemoryFigures, measureMemory } from './measure-memory.js';
import { isCheap, measureRecovery, type RecoveryFigures } from './measure-recovery.js';
import type { Options } from './options.js';
import { type GatewayStack, startGatewayStack } from './stack.js';

/** How many more are published with an `id`, as a share of all: enough to tell what one of them takes. */
const IDS_SHARE = 0.1;

/** Starts everything, measures, and prints what was measured; resolves to whether all goals were met. */
export async function runScenarios(options: Options, closers: Closers, progress: Progress): Promise<boolean> {
  const [load = 0] = loadavg();
  const { rooms, clients, missed, invalidations, scenarios } = options;
  async function onStack<T>(what: string, measure: (stack: GatewayStack) => Promise<T>): Promise<T> {
    const stack = await startGatewayStack();
    closers.add('gateway and Redis', () => stack.close());
    const figures = await progress.step(what, () => measure(stack));
    await stack.close();
    return figures;
  }
  const recovery = scenarios.includes('recovery')
    ? await onStack(`${clients} clients return after ${missed / 10} and ${missed} invalidations`, (stack) =>
        measureRecovery(stack, { rooms, clients, missed: [missed / 10, missed] }),
      )
    : [];
  if (recovery.length > 0) console.log(recoveryTable(recovery).join('\n'));
  const memory = scenarios.includes('memory')
    ? await onStack(`${invalidations} invalidations over ${rooms} open rooms`, (stack) =>
        measureMemory(stack, {
          rooms,
          looks: [invalidations / 100, invalidations / 10, invalidations],
          withIds: invalidations * IDS_SHARE,
        }),
      )
    : [];
  if (memory.length > 0) console.log(['', ...memoryTable(memory)].join('\n'));
  const passed = recovery.every(isCheap) && isBounded(memory);
  console.log(`\n${passed ? 'PASS' : 'FAIL'}`);
  if (options.json !== undefined) {
    const machine = { cores: cpus().length, load, node: process.version };
    await writeFile(options.json, `${JSON.stringify({ passed, machine, recovery, memory }, undefined, 2)}\n`);
  }
  return passed;
}

function recoveryTable(figures: readonly RecoveryFigures[]): string[] {
  return tableLines(
    [
      'missed',
      'clients',
      'rooms',
      'exact',
      'subscriptions',
      'scripts',
      'commands',
      'bytes received',
      'at most',
      'sent',
      'seconds',
    ],
    figures.map(({ missed, clients, rooms, exact, commands, received, sent, elapsedMs }) => [
      missed,
      clients,
      rooms,
      exact,
      commands.subscriptions,
      commands.scripts,
      commands.all,
      Math.round(received.mean),
      received.most,
      Math.round(sent.mean),
      elapsedMs / 1_000,
    ]),
  );
}

function memoryTable(figures: readonly MemoryFigures[]): string[] {
  const mb = (bytes: number) => bytes / 1e6;
  return tableLines(
    ['invalidations', 'ids remembered', 'Redis MB', 'gateway heap MB', 'gateway RSS MB'],
    figures.map(({ invalidations, ids, redis, heap, rss }) => [invalidations, ids, mb(redis), mb(heap), mb(rss)]),
  );
}
