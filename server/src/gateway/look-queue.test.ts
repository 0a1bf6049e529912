import { beforeEach, describe, expect, it } from 'vitest';
import { createLookQueue, type LookCause, type LookResult } from './look-queue.js';
import { virtualTimers } from './virtual-timers.test.support.js';

interface Running {
  readonly thing: string;
  readonly cause: LookCause;
  end(result: LookResult): void;
}

let timers: ReturnType<typeof virtualTimers>;
let queue: ReturnType<typeof createLookQueue<string>>;
let running: Running[];
let looks: string[];

beforeEach(() => {
  timers = virtualTimers();
  running = [];
  looks = [];
  queue = createLookQueue<string>({
    timers,
    look(thing, cause) {
      looks.push(thing);
      return new Promise((resolve) => running.push({ thing, cause, end: resolve }));
    },
  });
});

/** Ends the look at this thing that runs, and lets what follows from that happen. */
async function end(thing: string, result: LookResult = 'decided'): Promise<void> {
  const at = running.findIndex((look) => look.thing === thing);
  running.splice(at, 1)[0]?.end(result);
  await turn();
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const many = (count: number, name = 's') => Array.from({ length: count }, (_, index) => `${name}${index}`);

describe('looks', () => {
  it('of one thing are one running and one waiting, however often they are asked for', async () => {
    for (let hint = 0; hint < 10; hint += 1) queue.want(['a'], 'hint', true);
    expect(looks).toEqual(['a']);
    await end('a');
    expect(looks).toEqual(['a', 'a']);
    await end('a');
    expect(looks).toEqual(['a', 'a']);
    expect(await queue.settled('a')).toBe(true);
  });

  it('run twenty at a time, and urgent ones before all that wait', async () => {
    queue.want(many(30), 'sweep', false);
    queue.want(many(30, 'all'), 'hint', false);
    queue.want(['urgent'], 'hint', true);
    queue.want(['s25'], 'hint', true);
    expect(running).toHaveLength(20);
    await end('s0');
    await end('s1');
    await end('s2');
    expect(looks.slice(20)).toEqual(['urgent', 's25', 's20']);
    while (running[0]) {
      expect(running.length).toBeLessThanOrEqual(20);
      await end(running[0].thing);
    }
    expect(looks).toHaveLength(61);
  });

  it('that were overtaken are taken again at once', async () => {
    queue.want(['a'], 'sweep', false);
    await end('a', 'overtaken');
    expect(looks).toEqual(['a', 'a']);
  });

  it('of a hint that fail are taken again, ever more rarely, until one is decided', async () => {
    queue.want(['a'], 'hint', true);
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure += 1) {
      await end('a', 'failed');
      const from = timers.now();
      while (running.length === 0) timers.advance(500);
      waits.push(timers.now() - from);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    await end('a');
    timers.advance(600_000);
    expect([looks.length, timers.pending()]).toEqual([10, 0]);
  });

  it('of a sweep that fail are left to the next sweep, unless a hint came meanwhile', async () => {
    queue.want(['a', 'b'], 'sweep', false);
    queue.want(['b'], 'hint', true);
    await end('a', 'failed');
    await end('b', 'failed');
    await end('b', 'failed');
    expect(timers.pending()).toBe(1);
    timers.advance(500);
    expect(looks).toEqual(['a', 'b', 'b', 'b']);
  });

  it('that wait for another try are taken at once upon a hint, and not by a sweep', async () => {
    queue.want(['a'], 'hint', true);
    await end('a', 'failed');
    queue.want(['a'], 'sweep', false);
    expect(looks).toHaveLength(1);
    queue.want(['a'], 'hint', true);
    expect([looks.length, timers.pending()]).toEqual([2, 0]);
  });
});

describe('whoever waits until nothing is due', () => {
  const settledOf = (thing: string) => {
    const settled: { value?: boolean } = {};
    queue.settled(thing).then((value) => {
      settled.value = value;
    });
    return settled;
  };

  it('hears that it is decided, after what came meanwhile as well', async () => {
    queue.want(['a'], 'hint', true);
    const settled = settledOf('a');
    queue.want(['a'], 'hint', true);
    await end('a');
    expect(settled.value).toBeUndefined();
    await end('a');
    expect(settled.value).toBe(true);
  });

  it('hears at once that it cannot be found out', async () => {
    queue.want(['a'], 'hint', true);
    const settled = settledOf('a');
    await end('a', 'failed');
    expect(settled.value).toBe(false);
    expect(await queue.settled('a')).toBe(false);
  });

  it('does not wait for a sweep that has not begun, and for one that runs', async () => {
    queue.want(many(21), 'sweep', false);
    expect(await queue.settled('s20')).toBe(true);
    const settled = settledOf('s0');
    expect(settled.value).toBeUndefined();
    await end('s0');
    expect(settled.value).toBe(true);
  });

  it('is let go when the thing is gone, and when all is over', async () => {
    queue.want(['a', 'b'], 'hint', true);
    const [a, b] = [settledOf('a'), settledOf('b')];
    queue.forget('a');
    await turn();
    expect([a.value, b.value]).toEqual([true, undefined]);
    queue.close();
    await turn();
    expect(b.value).toBe(true);
  });
});

describe('a thing that is gone', () => {
  it('is looked at no more, and gives its place to others', async () => {
    queue.want(many(22), 'hint', false);
    queue.forget('s0');
    queue.forget('s20');
    await end('s0', 'failed');
    expect(looks.at(-1)).toBe('s21');
    await end('s1', 'failed');
    queue.forget('s1');
    expect(timers.pending()).toBe(0);
  });
});
