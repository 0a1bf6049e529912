import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../observability/logger.js';
import { noMetrics } from '../observability/metrics.js';
import { createPeerEvictions, type PeerQuestion } from './peer-evictions.js';
import { systemTimers } from './timers.js';

/** How long a question waits for a node that says nothing, in milliseconds. */
const PATIENCE_MS = 5_000;

let asked: PeerQuestion[];
let isSilent: boolean;
let evictions: ReturnType<typeof createPeerEvictions>;

const exchanges = () => asked.filter((name) => name === 'exchange').length;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  isSilent = true;
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
    recheckHere() {},
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
