/** Random writes against the whole platform, each judged by what it changed for everybody. */
import { canonicalForm, type Position, type Room, reduceKeys } from '@querycast/protocol';
import type { Signals } from '@querycast/server/postgres';
import fc from 'fast-check';
import type { TestPlace } from '../testing/test-place.js';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.js';
import { changedReads, missed, type Pushed, type Step } from './judge.js';
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
  const recorded: Pushed[] = [];
  const environment = { AUTH_SECRET: SECRET, DEMO_DATA: 'false' };
  // What is answered with 500 says no more by itself.
  const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const signals = (each: Signals) => recording(each, recorded);
  const platform = await startTestPlatform(environment, { signals, logger }, place);
  return {
    run: (seed, writes) => runOracle(platform, recorded, hasManyConnections, seed, writes),
    close: () => platform.remove(),
  };
}

async function runOracle(
  platform: TestPlatform,
  recorded: Pushed[],
  hasManyConnections: boolean,
  seed: number,
  writes: number,
): Promise<Step[]> {
  const steps: Step[] = [];
  for (let round = 0; steps.length < writes; round += 1) {
    let stepsOfRun: Step[] = [];
    const property = fc.asyncProperty(sequences(), async (sequence) => {
      stepsOfRun = [];
      const scene = await begin(platform, hasManyConnections);
      await fc.asyncModelRun(async () => ({ model: {}, real: await watch(scene, recorded, stepsOfRun) }), sequence);
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

/** A sequence of writes, each drawn by its weight. */
function sequences() {
  const die = fc.nat({ max: 2 ** 20 });
  const kinds = Object.entries(WRITES).map(([name, { weight, write }]) => ({
    weight,
    arbitrary: fc.record({ a: die, b: die, c: die }).map((dice) => commandOf(name, write, dice)),
  }));
  return fc.commands([fc.oneof(...kinds)], { maxCommands: WRITES_OF_RUN, size: 'max' });
}

/** What a run looks at. */
interface Watch {
  readonly scene: Scene;
  step(name: string, write: () => Promise<boolean>): Promise<void>;
}

function commandOf(name: string, write: Write, dice: Dice): fc.AsyncCommand<object, Watch> {
  const text = `${name}(${dice.a}, ${dice.b}, ${dice.c})`;
  return {
    check: () => true,
    run: (_model, { scene, step }) => step(text, () => write(scene, dice)),
    toString: () => text,
  };
}

async function begin(platform: TestPlatform, hasManyConnections: boolean): Promise<Scene> {
  await resetWorld(platform.parts.db);
  await platform.parts.relay.settled();
  return { platform, db: platform.parts.db, tokens: await signTokens(SECRET), hasManyConnections };
}

/** Observes before and after each write, and throws when a rule is broken. */
async function watch(scene: Scene, recorded: Pushed[], steps: Step[]): Promise<Watch> {
  const { db, platform } = scene;
  const { cache, broker, relay } = platform.parts;
  const positions = new Map<string, Position>();
  let before = await observe(db, cache);
  await readLogs(before);
  recorded.length = 0;

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

  return {
    scene,
    async step(name, write) {
      if (!(await write())) return;
      await relay.settled();
      const after = await observe(db, cache);
      const pushed = recorded.splice(0);
      const step: Step = { name, changed: changedReads(before, after), pushed };
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

/** What a room's log holds is what the signals said, no more and no less. */
function strayed(pushed: readonly Pushed[], logged: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const problems: string[] = [];
  for (const [room, keys] of logged) {
    const said = reduceKeys(pushed.filter((push) => push.room === room).map(({ key }) => key)).map(canonicalForm);
    for (const key of said) if (!keys.has(key)) problems.push(`${key} was not published to ${room}`);
    for (const key of keys) if (!said.includes(key)) problems.push(`${key} was published to ${room} by nobody`);
  }
  return problems;
}

function recording(signals: Signals, recorded: Pushed[]): Signals {
  return Object.fromEntries(
    Object.entries(signals).map(([source, signal]) => [
      source,
      async (...call: Parameters<typeof signal>) => {
        const stale = await signal(...call);
        for (const { room, keys } of stale.push) for (const key of keys) recorded.push({ source, room, key });
        return stale;
      },
    ]),
  );
}
