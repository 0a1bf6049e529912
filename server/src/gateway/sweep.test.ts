import { beforeEach, describe, expect, it } from 'vitest';
import { createSweep, type Sweep } from './sweep.js';
import { virtualTimers } from './virtual-timers.test.support.js';

const INTERVAL_MS = 30_000;

let timers: ReturnType<typeof virtualTimers>;
/** The moments of each room's visits. */
let visits: Map<number, number[]>;
/** Ends the visits under way, where a test wants them to last. */
let ends: (() => void)[];
let lasting: boolean;
let sweep: Sweep<number>;

beforeEach(() => {
  timers = virtualTimers();
  visits = new Map();
  ends = [];
  lasting = false;
  sweep = createSweep<number>({
    async visit(room) {
      visits.set(room, [...(visits.get(room) ?? []), timers.now()]);
      if (lasting) await new Promise<void>((end) => ends.push(end));
    },
    intervalMs: INTERVAL_MS,
    timers,
  });
});

/** Lets promises settle after every step. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    timers.advance(100);
    await settle();
  }
}

async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('the sweep', () => {
  it('visits every room once per interval, whenever it opened', async () => {
    for (let room = 0; room < 50; room += 1) {
      sweep.add(room);
      await pass(700);
    }
    await pass(3 * INTERVAL_MS - 35_000);
    for (const [room, moments] of visits) {
      const opened = room * 700;
      for (const [index, moment] of moments.entries()) {
        expect(moment - (moments[index - 1] ?? opened)).toBeLessThanOrEqual(INTERVAL_MS + 1);
      }
      expect(moments.length).toBeGreaterThanOrEqual(Math.floor((3 * INTERVAL_MS - opened) / INTERVAL_MS));
    }
    expect(visits.size).toBe(50);
  });

  it('spreads a hundred thousand rooms that opened at once evenly over the interval', async () => {
    for (let room = 0; room < 100_000; room += 1) sweep.add(room);
    let most = 0;
    for (let turn = 0; turn < 300; turn += 1) {
      const before = visits.size;
      timers.advance(100);
      while (visits.size - before < 333) await settle();
      await settle();
      most = Math.max(most, visits.size - before);
    }
    expect(most).toBeLessThanOrEqual(334);
    expect(visits.size).toBe(100_000);
  });

  it('visits at most 50 rooms at a time, and none that is being visited', async () => {
    lasting = true;
    for (let room = 0; room < 100; room += 1) sweep.add(room);
    await pass(2 * INTERVAL_MS);
    expect(visits.size).toBe(50);
    lasting = false;
    for (const end of ends) end();
    await settle();
    expect(visits.size).toBe(100);
    expect([...visits.values()].every(({ length }) => length === 1)).toBe(true);
    await pass(INTERVAL_MS);
    expect([...visits.values()].every(({ length }) => length === 2)).toBe(true);
  });

  it('takes no longer for a lap when every turn comes late', async () => {
    const late = { ...timers, after: (ms: number, run: () => void) => timers.after(ms + 40, run) };
    let visited = 0;
    const visit = async () => {
      visited += 1;
    };
    createSweep<number>({ visit, intervalMs: INTERVAL_MS, timers: late }).add(1);
    await pass(3 * INTERVAL_MS);
    expect(visited).toBe(3);
  });

  it('wakes for rooms alone, and leaves the rest of the interval in peace', async () => {
    let wakes = 0;
    const counting = {
      ...timers,
      after: (ms: number, run: () => void) =>
        timers.after(ms, () => {
          wakes += 1;
          run();
        }),
    };
    const few = createSweep<number>({ visit: async () => {}, intervalMs: INTERVAL_MS, timers: counting });
    few.add(1);
    await pass(10_000);
    few.add(2);
    few.add(3);
    await pass(10 * INTERVAL_MS - 10_000);
    // Ten laps for the first; the others came when their turn of the first lap was over.
    expect(wakes).toBe(10 + 9 + 9);
  });

  it('leaves out rooms that are closed, and keeps no timer without any', async () => {
    for (const room of [1, 2]) sweep.add(room);
    sweep.forget(1);
    await pass(INTERVAL_MS);
    expect([...visits.keys()]).toEqual([2]);
    sweep.forget(2);
    expect(timers.pending()).toBe(0);
  });

  it('visits nobody once it is closed, nor with an interval without end', async () => {
    const never = createSweep<number>({ visit: async () => {}, intervalMs: Number.POSITIVE_INFINITY, timers });
    never.add(1);
    expect(timers.pending()).toBe(0);
    sweep.add(1);
    sweep.close();
    await pass(INTERVAL_MS);
    expect([visits.size, timers.pending()]).toEqual([0, 0]);
  });
});
