/** Random writes against the whole platform, each judged by what it changed for everybody. */
import { canonicalForm, type Position, type Room } from '@querycast/protocol';
import type { Signals } from '@querycast/server/postgres';
import fc from 'fast-check';
import type { TestPlace } from '../testing/test-place.js';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { changedReads, missed, type Pushed, type Step, strayed } from './judge.js';
import { type Observation, observe } from './observe.js';
import { PEOPLE, resetWorld, signTokens } from './world.js';
import type { Dice, Scene, Write } from './world-access.js';
import { writesInSql } from './writes-in-sql.js';
import { writesOfPeople } from './writes-of-people.js';
import { writesOfTeachers } from './writes-of-teachers.js';

const WRITES = { ...writesOfPeople, ...writesOfTeachers, ...writesInSql };

/** The secret that tokens are signed with. */
const SECRET = 'auth-secret-of-the-oracle-0123456789-0123456789';

/** Writes of one run; a failure is shrunk to the fewest that still show it. */
const WRITES_OF_RUN = 60;

/** How long a failure may be shrunk, in milliseconds. */
const SHRINKING_MS = 120_000;

/** A platform under the oracle's eyes. */
export interface Oracle {
  /**
   * Runs at least this many writes, beginning with this seed. Rejects with the shortest sequence found that breaks a
   * rule, and how to repeat it. Resolves to what happened.
   */
  run(seed: number, writes: number): Promise<readonly Step[]>;
  close(): Promise<void>;
}

/** Starts a platform on a place of its own. */
export async function startOracle(place: TestPlace, hasManyConnections: boolean): Promise<Oracle> {
  const recorder = createRecorder();
  const environment = { AUTH_SECRET: SECRET, DEMO_DATA: 'false' };
  // What is answered with 500 says no more by itself.
  const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
  // It waits for the relay itself, and holds it at times.
  const surroundings = { signals: recorder.wrap, logger, toldWithinMs: 0 };
  const platform = await startTestPlatform(environment, surroundings, place);
  return {
    run: (seed, writes) => runOracle(platform, recorder, hasManyConnections, seed, writes),
    close: () => platform.remove(),
  };
}

async function runOracle(
  platform: TestPlatform,
  recorder: Recorder,
  hasManyConnections: boolean,
  seed: number,
  writes: number,
): Promise<Step[]> {
  const steps: Step[] = [];
  for (let round = 0; effective(steps) < writes; round += 1) {
    let stepsOfRun: Step[] = [];
    const property = fc.asyncProperty(sequences(), async (sequence) => {
      stepsOfRun = [];
      const scene = await begin(platform, hasManyConnections);
      await fc.asyncModelRun(async () => ({ model: {}, real: await watch(scene, recorder, stepsOfRun) }), sequence);
    });
    const details = await fc.check(property, {
      seed: seed + round,
      numRuns: 1,
      interruptAfterTimeLimit: SHRINKING_MS,
      verbose: fc.VerbosityLevel.None,
    });
    if (details.failed)
      throw new Error(fc.defaultReportMessage(details) ?? 'the oracle failed', { cause: details.errorInstance });
    steps.push(...stepsOfRun);
  }
  return steps;
}

/** The writes of steps in which something happened, as it should not in those that are rolled back. */
export function effective(steps: readonly Step[]): number {
  return steps
    .filter(({ name, changed, pushed }) => changed.length > 0 || pushed.length > 0 || name.startsWith('sqlRolledBack'))
    .reduce((sum, { writes }) => sum + writes, 0);
}

/** A write with its dice. */
interface Throw {
  readonly name: string;
  readonly write: Write;
  readonly dice: Dice;
}

/** A sequence of writes, each drawn by its weight; some of them in a row before the relay looks at the first. */
function sequences() {
  const die = fc.nat({ max: 2 ** 20 });
  const kinds = Object.entries(WRITES).map(([name, { weight, write }]) => ({
    weight,
    arbitrary: fc.record({ a: die, b: die, c: die }).map((dice): Throw => ({ name, write, dice })),
  }));
  const one = fc.oneof(...kinds);
  const late = fc.array(one, { minLength: 2, maxLength: 3, size: 'max' });
  const commands = fc.oneof(
    { weight: 9, arbitrary: one.map((each) => commandOf([each])) },
    { weight: 1, arbitrary: late.map(commandOf) },
  );
  return fc.commands([commands], { maxCommands: WRITES_OF_RUN, size: 'max' });
}

/** What a run looks at. */
interface Watch {
  /** Runs writes that are all committed before the relay looks at any of them. */
  step(throws: readonly Throw[]): Promise<void>;
}

function commandOf(throws: readonly Throw[]): fc.AsyncCommand<object, Watch> {
  return { check: () => true, run: (_model, { step }) => step(throws), toString: () => nameOf(throws) };
}

function nameOf(throws: readonly Throw[]): string {
  return throws.map(({ name, dice: { a, b, c } }) => `${name}(${a}, ${b}, ${c})`).join(' late with ');
}

async function begin(platform: TestPlatform, hasManyConnections: boolean): Promise<Scene> {
  await resetWorld(platform.parts.db);
  await platform.parts.relay.settled();
  return { platform, db: platform.parts.db, tokens: await signTokens(SECRET), hasManyConnections };
}

/** Observes before and after each write, and throws when a rule is broken. */
async function watch(scene: Scene, { recorded, evicted, gate }: Recorder, steps: Step[]): Promise<Watch> {
  const { db, platform } = scene;
  const { cache, broker, relay } = platform.parts;
  const positions = new Map<string, Position>();
  let before: Observation = await observe(db, cache);
  await readLogs(before);
  recorded.length = 0;
  evicted.clear();

  /** The keys that each room's log got since the last look. */
  async function readLogs(observation: Observation): Promise<Map<string, Set<string>>> {
    const rooms = new Set([...observation.reads.values()].map(({ room }) => room));
    for (const { id, role } of PEOPLE) rooms.add(`${role}:${id}`);
    const keys = new Map<string, Set<string>>();
    await Promise.all(
      [...rooms].map(async (room) => {
        const since = positions.get(room);
        const log = await broker.read(room as Room, since);
        positions.set(room, log.position);
        // Of a room that is new nobody knows what it held before.
        if (since !== undefined) keys.set(room, new Set(log.keys.map(canonicalForm)));
      }),
    );
    return keys;
  }

  /** Answers how many wrote, and what was to be seen before the last of them. */
  async function commit(throws: readonly Throw[]): Promise<{ readonly writes: number; readonly seen: Observation[] }> {
    const seen = [before];
    let writes = 0;
    const isLate = throws.length > 1;
    // The relay cannot be waited for while it is held.
    const during = isLate ? { ...scene, hasManyConnections: false } : scene;
    if (isLate) gate.close();
    try {
      for (const [index, { write, dice }] of throws.entries()) {
        if (await write(during, dice)) writes += 1;
        // Somebody may have looked in between, and the cache may have kept what they saw.
        if (index < throws.length - 1) seen.push(await observe(db, cache));
      }
    } finally {
      gate.open();
    }
    return { writes, seen };
  }

  return {
    async step(throws) {
      const name = nameOf(throws);
      const { writes, seen } = await commit(throws);
      if (writes === 0) return;
      await relay.settled();
      const after = await observe(db, cache, seen.length === 1 ? { before, evicted } : undefined);
      evicted.clear();
      const pushed = recorded.splice(0);
      const step: Step = { name, writes, changed: seen.flatMap((earlier) => changedReads(earlier, after)), pushed };
      const logged = await readLogs(after);
      const problems = [
        ...missed(step).map(({ room, key }) => `${JSON.stringify(key)} changed for ${room} and was not pushed`),
        ...pushed
          .filter(({ room }) => !after.granted.has(room))
          .map(
            ({ room, key, source }) =>
              `${JSON.stringify(key)} was pushed to ${room}, which nobody may be in (${source})`,
          ),
        ...[...after.reads.values()]
          .filter(({ cached }) => cached !== undefined)
          .map(({ room, key }) => `${JSON.stringify(key)} of ${room} is answered from the cache as it was before`),
        ...strayed(pushed, logged),
      ];
      before = after;
      steps.push(step);
      if (problems.length > 0) throw new Error(`${name}:\n  ${[...new Set(problems)].join('\n  ')}`);
    },
  };
}

/** What the signals said, and what holds them back. */
interface Recorder {
  readonly recorded: Pushed[];
  readonly evicted: Set<string>;
  readonly gate: Gate;
  wrap(signals: Signals): Signals;
}

interface Gate {
  close(): void;
  open(): void;
}

function createRecorder(): Recorder {
  const recorded: Pushed[] = [];
  const evicted = new Set<string>();
  let opened = Promise.resolve();
  let open = () => {};
  return {
    recorded,
    evicted,
    gate: {
      close() {
        opened = new Promise((resolve) => {
          open = resolve;
        });
      },
      open: () => open(),
    },
    wrap: (signals) =>
      Object.fromEntries(
        Object.entries(signals).map(([source, signal]) => [
          source,
          async (...call: Parameters<typeof signal>) => {
            await opened;
            const stale = await signal(...call);
            for (const owner of stale.evict) evicted.add(owner);
            for (const { room, keys } of stale.push) for (const key of keys) recorded.push({ source, room, key });
            return stale;
          },
        ]),
      ),
  };
}
