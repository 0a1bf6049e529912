import { createHeap, type Timed } from './heap.js';

/** One process of the simulation: what it set going ends with it. */
export interface Process {
  readonly name: string;
  isAlive: boolean;
  /** Stopped like by SIGSTOP: nothing of it runs, and nothing is lost. */
  isStopped: boolean;
  /** What was due while it was stopped, in order. */
  readonly held: (() => void)[];
}

interface Entry extends Timed {
  readonly owner: Process;
  run: (() => void) | undefined;
}

/** A moment far from 1970, so that nobody mistakes elapsed time for the time of day. */
const EPOCH_MS = 1_750_000_000_000;

/** Everything real that time is measured by or that runs later on its own; taken before it is replaced. */
const realSetImmediate = globalThis.setImmediate;

/**
 * The only clock and the only queue of a run. Every event belongs to a process; whatever it sets going until all promises
 * have settled belongs to that process as well, and goes away with it.
 */
export interface VirtualTime {
  /** Owns what belongs to no process of the product. */
  readonly world: Process;
  /** Milliseconds since the run began. */
  now(): number;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** The process whose event is being run. */
  current(): Process;
  spawn(name: string): Process;
  /** SIGKILL: nothing of it runs any more. */
  kill(process: Process): void;
  stop(process: Process): void;
  resume(process: Process): void;
  /** Runs something for a process after so many milliseconds (default owner: the present process). Answers the cancel. */
  after(ms: number, run: () => void, owner?: Process): () => void;
  /** Runs whatever is due up to a moment; after each event all promises settle. */
  runUntil(at: number): Promise<void>;
  /** Events run so far. */
  events(): number;
}

/** Time that stands still until it is run. */
export function createVirtualTime(): VirtualTime {
  const world: Process = newProcess('world');
  const heap = createHeap<Entry>();
  let now = 0;
  let order = 0;
  let current = world;
  let events = 0;

  /** The next event that somebody lives to see; what is due for a process that is stopped waits with that. */
  function nextDue(until: number): Entry | undefined {
    for (let entry = heap.peek(); entry && entry.at <= until; entry = heap.peek()) {
      heap.pop();
      if (!entry.run || !entry.owner.isAlive) continue;
      now = Math.max(now, entry.at);
      if (!entry.owner.isStopped) return entry;
      const waiting = entry;
      entry.owner.held.push(() => waiting.run?.());
    }
    return undefined;
  }

  function run({ run: act, owner }: Entry): void {
    events += 1;
    current = owner;
    act?.();
  }

  return {
    world,
    now: () => now,
    wallClock: () => EPOCH_MS + Math.floor(now),
    current: () => current,
    spawn: newProcess,
    kill(process) {
      process.isAlive = false;
      process.held.length = 0;
    },
    stop(process) {
      process.isStopped = true;
    },
    resume(process) {
      process.isStopped = false;
      for (const run of process.held.splice(0)) heap.push({ at: now, order: ++order, owner: process, run });
    },
    after(ms, run, owner = current) {
      const entry: Entry = { at: now + Math.max(0, ms), order: ++order, owner, run };
      heap.push(entry);
      return () => {
        entry.run = undefined;
      };
    },
    runUntil(until) {
      return runSteps(() => {
        current = world;
        const entry = nextDue(until);
        if (entry) run(entry);
        else now = Math.max(now, until);
        return entry !== undefined;
      });
    },
    events: () => events,
  };
}

/** A turn of the event loop costs more than most steps. */
const STEPS_PER_TURN = 100;

/**
 * Takes steps until one answers that there is none left. After each, all promises settle, however long the chain, and
 * what rejected with nobody listening is told: Node sees to that between any two immediates.
 */
function runSteps(takeStep: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const step = () => {
      if (isOver) return;
      try {
        isOver = !takeStep();
        if (isOver) resolve();
      } catch (error) {
        isOver = true;
        reject(error);
      }
    };
    const turn = () => {
      for (let count = 0; count < STEPS_PER_TURN; count += 1) realSetImmediate(step);
      realSetImmediate(() => !isOver && turn());
    };
    turn();
  });
}

function newProcess(name: string): Process {
  return { name, isAlive: true, isStopped: false, held: [] };
}
