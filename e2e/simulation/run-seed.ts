import { environmentManager } from '@tanstack/react-query';
import { setPresent } from './chance/virtual-globals.js';
import type { Fault } from './faults/fault.js';
import { FAULTS } from './faults/faults.js';
import { complaints, sweptOf } from './judge.js';
import { itemsOf, keepBrowsing, keepWriting } from './people.js';
import { createWorld, ROOMS, type World } from './world/world.js';

/** How a run went. */
export interface RunResult {
  readonly seed: number;
  /** What was wrong, in the order of happening; empty for a run as it should be. */
  readonly violations: readonly string[];
  readonly faults: readonly string[];
  readonly events: number;
}

/** Settings of {@link runSeed}. */
export interface RunOptions {
  /** Gets every line of what happens; default: nobody reads. */
  readonly trace?: (line: string) => void;
  /** Beginnings of the names of the faults that may happen; default: any. */
  readonly faults?: readonly string[] | undefined;
}

/** Quiet time after the last fault, in milliseconds: enough for every heal time, backoff and spread there is. */
const REST_MS = 75_000;

/** A run in which all has been well for so long, in milliseconds, is over before that, but for every fourth. */
const WELL_MS = 8_000;
const THOROUGH_SHARE = 0.25;

/** Between two looks at whether all is well, in milliseconds. */
const LOOK_MS = 2_000;

/** Runs one seed from the beginning to rest, and judges it. */
export async function runSeed(seed: number, { trace, faults }: RunOptions = {}): Promise<RunResult> {
  environmentManager.setIsServer(() => false);
  const world = createWorld(seed, trace);
  const { time, random, witness } = world;
  setPresent({ time, random });
  // What rejects with nobody listening would end a process of the product.
  const onRejection = (reason: unknown) =>
    witness.report(`a promise rejected with nobody listening: ${String(reason)}`);
  process.on('unhandledRejection', onRejection);
  try {
    for (const place of [...world.nodes, ...world.relays]) world.start(place);
    await time.runUntil(1_000);
    for (const seat of world.seats)
      world.openPage(
        seat,
        itemsOf(world, seat).filter(() => random.chance(0.6)),
      );
    await time.runUntil(1_500);
    const plan = planFaults(world, faults);
    // What is missed shows only as long as no later change of the same thing makes up for it.
    const lastMs = Math.min(plan.endsAt - plan.lastAt, 5_000) + random.pick([0, 0, 3_000]);
    // In each room at another moment: as many chances for what only the last change of a room shows.
    const quietAt = new Map(ROOMS.map((room) => [room, plan.lastAt + random.next() * lastMs]));
    world.doors.areUsed = !plan.faults.some(({ losesDoors }) => losesDoors);
    keepWriting(world, quietAt);
    keepBrowsing(world, random.chance(0.5) ? Math.max(...quietAt.values()) : plan.endsAt + 8_000);
    await time.runUntil(plan.endsAt + 8_000);
    await rest(world, plan.faults);
    for (const seat of world.seats) world.closePage(seat);
    await time.runUntil(time.now() + 10);
    return { seed, violations: witness.violations, faults: plan.faults.map(({ name }) => name), events: time.events() };
  } finally {
    process.off('unhandledRejection', onRejection);
    setPresent(undefined);
  }
}

/** One to three faults, one after the other. */
function planFaults(
  world: World,
  named: readonly string[] | undefined,
): { readonly faults: readonly Fault[]; readonly lastAt: number; readonly endsAt: number } {
  const { random, time, tools } = world;
  const possible = FAULTS.filter(({ name }) => !named || named.some((each) => name.startsWith(each)));
  const faults = Array.from({ length: 1 + random.below(2) }, () => random.pick(possible));
  let at = time.now() + random.between(200, 3_000);
  let [lastAt, endsAt] = [at, at];
  for (const fault of faults) {
    const [from, to] = fault.lasts;
    lastAt = at;
    endsAt = at + random.between(from, to);
    let end = () => {};
    time.after(
      at - time.now(),
      () => {
        tools.trace('FAULT', () => fault.name);
        end = fault.begin(world);
      },
      time.world,
    );
    time.after(
      endsAt - time.now(),
      () => {
        tools.trace('FAULT', () => `over: ${fault.name}`);
        end();
      },
      time.world,
    );
    at = endsAt + random.between(2_500, 8_000);
  }
  return { faults, lastAt, endsAt };
}

/** Lets things come to rest, and tells what is wrong then. */
async function rest(world: World, faults: readonly Fault[]): Promise<void> {
  const { time, random, witness } = world;
  const isThorough = random.chance(THOROUGH_SHARE);
  const endsAt = time.now() + REST_MS;
  const sweptBefore = sweptOf(world);
  let wrongAt = time.now();
  while (time.now() < endsAt && (isThorough || time.now() - wrongAt < WELL_MS)) {
    await time.runUntil(time.now() + LOOK_MS);
    // What is wrong already stays wrong.
    if (witness.violations.length > 0) return;
    if (!isThorough && complaints(world, faults, isThorough).length > 0) wrongAt = time.now();
  }
  for (const complaint of complaints(world, faults, isThorough)) witness.report(complaint);
  const swept = sweptOf(world) - sweptBefore;
  if (swept > 0 && !faults.some(({ isForSweep }) => isForSweep)) {
    witness.report(`the sweep had to repair ${swept} times at rest`);
  }
}
