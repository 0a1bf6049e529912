import { beforeEach, expect, it } from 'vitest';
import { type Drain, drainConnections } from './drain.js';
import type { Timers } from './timers.js';

let now: number;
let due: { at: number; run: () => void }[];
let open: Set<string>;
let log: [number, string][];
let drain: Drain;
let isDone: boolean;

const timers: Timers = {
  now: () => now,
  wallClock: () => now,
  after(ms, run) {
    const timer = { at: now + ms, run };
    due.push(timer);
    return () => {
      due = due.filter((other) => other !== timer);
    };
  },
};

beforeEach(() => {
  now = 0;
  due = [];
  log = [];
  isDone = false;
});

function start(...names: string[]): void {
  open = new Set(names);
  drain = drainConnections({
    size: () => open.size,
    connections: () => [...open].map((name) => ({ cut: () => leave(name, 'cut') })),
    withinMs: 1_000,
    timers,
  });
  void drain.done.then(() => {
    isDone = true;
  });
}

function leave(name: string, how: string): void {
  if (!open.delete(name)) return;
  log.push([now, `${how} ${name}`]);
  drain.left();
}

async function advanceTo(end: number): Promise<void> {
  for (;;) {
    due.sort((a, b) => a.at - b.at);
    const next = due[0];
    if (!next || next.at > end) break;
    due.shift();
    now = next.at;
    next.run();
  }
  now = end;
  await Promise.resolve();
}

it('ends at once when nobody is there', async () => {
  start();
  await advanceTo(0);
  expect([isDone, due]).toEqual([true, []]);
});

it('cuts nobody who moves in time, and ends with the last of them', async () => {
  start('a', 'b');
  await advanceTo(400);
  leave('a', 'moved');
  await advanceTo(999);
  expect(isDone).toBe(false);
  leave('b', 'moved');
  await advanceTo(999);
  expect([isDone, due]).toEqual([true, []]);
});

it('cuts those who stay one after the other, over half of the time they had', async () => {
  start('a', 'b', 'c', 'd', 'e');
  leave('c', 'moved');
  await advanceTo(1_000);
  expect(log).toEqual([[0, 'moved c']]);
  await advanceTo(1_499);
  expect(isDone).toBe(false);
  await advanceTo(1_500);
  expect(log.slice(1)).toEqual([
    [1_125, 'cut a'],
    [1_250, 'cut b'],
    [1_375, 'cut d'],
    [1_500, 'cut e'],
  ]);
  expect(isDone).toBe(true);
});

it('that is stopped leaves the rest as they are', async () => {
  start('a', 'b');
  await advanceTo(1_250);
  drain.stop();
  await advanceTo(5_000);
  expect([isDone, [...open]]).toEqual([true, ['b']]);
});
