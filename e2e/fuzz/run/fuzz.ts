import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect } from 'vitest';

/** Inputs per door; `FUZZ_RUNS` of the environment. */
export const RUNS = Number(process.env['FUZZ_RUNS'] || 20_000);

/** For a run that hangs, in milliseconds: a slow machine may take its time. */
export const TIMEOUT_MS = 300_000 + RUNS * 20;

/** Longest that one input may keep the process from everything else, in milliseconds; a busy machine adds to it. */
const LONGEST_BLOCK_MS = 5_000;

/** Most that a door may hold more after the second half of its inputs than after the first, in bytes. */
const MAX_GROWTH_BYTES = 48 * 1024 * 1024;

/** How long smaller inputs are looked for that fail as well, in milliseconds: one that is not answered takes long. */
const MAX_SHRINKING_MS = 20_000;

/** The settings of fast-check: `FUZZ_SEED` is a number, or `random`; what failed prints both, and its path. */
function parameters(seed: number, runs: number): fc.Parameters<unknown> {
  const wanted = process.env['FUZZ_SEED'];
  const path = process.env['FUZZ_PATH'];
  return {
    numRuns: runs,
    seed: wanted === 'random' ? Date.now() ^ (Math.random() * 2 ** 32) : wanted ? Number(wanted) : seed,
    ...(path && { path }),
    // A door has a memory: the same input may be answered otherwise the second time.
    skipEqualValues: false,
  };
}

/** What one door is tried with. */
export interface Trial<Input> {
  /** In the line that says how it went. */
  readonly door: string;
  /** Of the run without flags: always the same inputs, so that a red run is about the change, not about chance. */
  readonly seed: number;
  readonly input: fc.Arbitrary<Input>;
  /** Share of all inputs of the door; default: all of them. */
  readonly share?: number;
  /** Sends one input and throws when what came of it is wrong. Answers its outcome in a word or two, to be counted. */
  readonly judge: (input: Input) => string | Promise<string>;
  /** After the last: whether the door is as good as new. */
  readonly afterwards?: () => Promise<void>;
}

/**
 * Sends random inputs to a door. Fails when the judge throws, when a promise rejects or an error is thrown with nobody to
 * catch it, when a prototype was polluted, when an input blocks the process or memory grows on. Answers how many inputs
 * had which outcome.
 */
export async function fuzz<Input>(trial: Trial<Input>): Promise<Readonly<Record<string, number>>> {
  const { door, seed, input, share = 1, judge, afterwards } = trial;
  const runs = Math.ceil(RUNS * share);
  const outcomes: Record<string, number> = {};
  const watch = watchProcess();
  const began = performance.now();
  let done = 0;
  let heapHalfway = 0;
  let failing = '';
  let failedAt = Number.POSITIVE_INFINITY;
  let slowest = 0;
  const property = fc.asyncProperty(input, async (each) => {
    if (failedAt + MAX_SHRINKING_MS < performance.now()) return;
    let outcome: string;
    try {
      const asked = performance.now();
      const judged = judge(each);
      // A door without waiting never lets the event loop notice how long it takes.
      slowest = Math.max(slowest, performance.now() - asked);
      outcome = await judged;
      watch.check();
    } catch (error) {
      failing = shown(each);
      failedAt = Math.min(failedAt, performance.now());
      throw error;
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    done += 1;
    if (done === Math.ceil(runs / 2)) heapHalfway = heapUsed();
  });
  try {
    await fc.assert(property, parameters(seed, runs));
    await afterwards?.();
    // What was left to happen after the last answer.
    await new Promise((resolve) => setImmediate(resolve));
    watch.check();
    const grown = heapUsed() - heapHalfway;
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    const longest = Math.round(Math.max(slowest, watch.longestBlockMs()));
    console.log(
      `${door}: ${runs} inputs in ${seconds} s, longest block ${longest} ms, heap ${mebibytes(grown)} MiB more`,
    );
    console.log(`${door}: ${JSON.stringify(outcomes)}`);
    expect(longest, 'milliseconds that an input blocked the process').toBeLessThan(LONGEST_BLOCK_MS);
    if (process.env['FUZZ_PATH'] === undefined) expect(grown).toBeLessThan(MAX_GROWTH_BYTES);
  } catch (error) {
    console.error(`${door} last failed with ${failing}`);
    throw error;
  } finally {
    watch.end();
  }
  return outcomes;
}

/** Bytes as text, with what is no character as `\\xff`. */
function shown(input: unknown): string {
  return JSON.stringify(Buffer.isBuffer(input) ? input.toString('latin1') : input, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  ).slice(0, 2_000);
}

/** Whatever goes wrong in the process besides the answers. */
function watchProcess() {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => {
    unheard.push(error);
  };
  process.on('unhandledRejection', hear);
  process.on('uncaughtException', hear);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const prototypes = prototypeMembers();
  return {
    check() {
      if (unheard.length > 0) throw new Error('nobody caught this', { cause: unheard[0] });
      if (prototypeMembers() !== prototypes) throw new Error('a prototype was polluted');
    },
    longestBlockMs: () => delay.max / 1e6,
    end() {
      process.off('unhandledRejection', hear);
      process.off('uncaughtException', hear);
      delay.disable();
    },
  };
}

function prototypeMembers(): string {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype]
    .map((each) => Reflect.ownKeys(each).length)
    .join();
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
