import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import type { EvictionTarget } from './evictions.js';
import { createPeerEvictions, type PeerQuestion } from './peer-evictions.js';
import { systemTimers } from './timers.js';

/** How long a question waits for a node that says nothing, in milliseconds. */
const PATIENCE_MS = 5_000;

let asked: PeerQuestion[];
let isSilent: boolean;
let rechecked: (EvictionTarget | undefined)[];
let evictions: ReturnType<typeof createPeerEvictions>;

const exchanges = () => asked.filter((name) => name === 'exchange').length;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  isSilent = true;
  rechecked = [];
  evictions = createPeerEvictions({
    peers: {
      async ask(name) {
        asked.push(name);
        if (!isSilent) return { nodes: 1, answers: [name === 'exchange' ? [] : true] };
        await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
        return { nodes: 1, answers: [] };
      },
    },
    evictHere: () => 0,
    recheckHere: (target) => void rechecked.push(target),
    timers: systemTimers,
    logger: silentLogger,
    metrics: noMetrics,
  });
});

afterEach(() => {
  evictions.close();
  vi.useRealTimers();
});

it('evictions are exchanged again every 30 seconds or so, however many more are not confirmed', async () => {
  for (let second = 0; second < 3_600; second += 5) {
    evictions.tell({ session: String(second) }, 'logged_out');
    await vi.advanceTimersByTimeAsync(5_000);
  }
  expect(exchanges()).toBeGreaterThan(100);
  expect(exchanges()).toBeLessThan(130);
});

it('an exchange is tried again soon after an eviction was not confirmed, then ever more rarely', async () => {
  evictions.tell({ session: 'x' }, 'logged_out');
  await vi.advanceTimersByTimeAsync(PATIENCE_MS + 499);
  expect(exchanges()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(exchanges()).toBe(1);
  await vi.advanceTimersByTimeAsync(PATIENCE_MS + 999);
  expect(exchanges()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(exchanges()).toBe(2);
});

it('an exchange that every node answers ends it, and the next trouble begins anew', async () => {
  evictions.tell({ session: 'x' }, 'logged_out');
  await vi.advanceTimersByTimeAsync(60_000);
  isSilent = false;
  await vi.advanceTimersByTimeAsync(60_000);
  const settled = exchanges();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(exchanges()).toBe(settled);
  isSilent = true;
  evictions.tell({ session: 'y' }, 'logged_out');
  await vi.advanceTimersByTimeAsync(PATIENCE_MS + 500);
  expect(exchanges()).toBe(settled + 1);
});

it('nothing is tried again once closed, also when an exchange is under way', async () => {
  evictions.tell({ session: 'x' }, 'logged_out');
  await vi.advanceTimersByTimeAsync(PATIENCE_MS + 500);
  evictions.close();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(exchanges()).toBe(1);
});

it('rechecks that were not confirmed are owed until every node has confirmed to look at all sessions', async () => {
  const rechecks = () => asked.filter((name) => name === 'recheck').length;
  evictions.tellRecheck({ user: '1' });
  evictions.tellRecheck({ user: '2' });
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  expect([rechecks(), exchanges()]).toEqual([2, 0]);
  await vi.advanceTimersByTimeAsync(500);
  expect([rechecks(), exchanges()]).toEqual([3, 1]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rechecks() - 2).toBe(exchanges());
  isSilent = false;
  await vi.advanceTimersByTimeAsync(60_000);
  const settled = rechecks();
  isSilent = true;
  evictions.tell({ session: 'x' }, 'logged_out');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rechecks()).toBe(settled);
});

it('a recheck that comes to be owed while others are being paid is owed on', async () => {
  const questions: unknown[] = [];
  const answers: ((isConfirmed: boolean) => void)[] = [];
  evictions = createPeerEvictions({
    peers: {
      async ask(name, question) {
        if (name === 'exchange') return { nodes: 1, answers: [[]] };
        questions.push(question);
        const isConfirmed = await new Promise<boolean>((resolve) => answers.push(resolve));
        return { nodes: 1, answers: isConfirmed ? [true] : [] };
      },
    },
    evictHere: () => 0,
    recheckHere() {},
    timers: systemTimers,
    logger: silentLogger,
    metrics: noMetrics,
  });
  evictions.tellRecheck({ user: '1' });
  answers[0]?.(false);
  await vi.advanceTimersByTimeAsync(500);
  expect(questions).toEqual([{ target: { user: '1' } }, {}]);
  // While the other node is being asked to look at all, one more is not confirmed: it may have looked before that.
  evictions.tellRecheck({ user: '2' });
  answers[2]?.(false);
  await vi.advanceTimersByTimeAsync(0);
  answers[1]?.(true);
  await vi.advanceTimersByTimeAsync(500);
  expect(questions.slice(2)).toEqual([{ target: { user: '2' } }, {}]);
  answers[3]?.(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(questions).toHaveLength(4);
});

it('a node that hears the others again looks at all of its sessions', () => {
  expect(rechecked).toEqual([]);
  evictions.hearing();
  expect(rechecked).toEqual([undefined]);
});

it('a recheck that another node asks for is confirmed once it counts here', () => {
  const confirmed: unknown[] = [];
  evictions.hear('recheck', { target: { user: '1' } }, () => confirmed.push(rechecked.at(-1)));
  evictions.hear('recheck', {}, () => confirmed.push(rechecked.at(-1)));
  evictions.hear('recheck', { target: { user: '' } }, () => confirmed.push('wrong'));
  expect(confirmed).toEqual([{ user: '1' }, undefined]);
});
