import { afterAll, expect, test } from 'vitest';
import { spreadOf } from '../../server/src/outbox/spread.js';
import { createRandom } from '../simulation/chance/random.js';
import { createClock } from './clock.js';
import { openCrowd } from './crowd.js';

const PAGES = 3_000;
const ANSWER_MS = 50;
const TARGET = 300;
/** How often it is announced: chance must not make it hold once. */
const ROUNDS = 8;

const realNow = Date.now;

afterAll(() => {
  Date.now = realNow;
});

/** The most moments within any one second. */
function fullestSecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, moment] of sorted.entries()) {
    while (moment - (sorted[first] ?? 0) >= 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

test(`${PAGES} pages refetch upon one event: ${TARGET} in the fullest second, a tenth more at most, and all in time`, async () => {
  const clock = createClock();
  const crowd = await openCrowd(PAGES, ANSWER_MS, clock, createRandom(1).next);
  const spreadMs = spreadOf({ rooms: PAGES, late: false }, { lateSpreadMs: 0, roomsPerSecond: TARGET });
  const peaks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    crowd.announce(spreadMs);
    expect(crowd.stale()).toBe(PAGES);
    await clock.advanceTo(clock.nowMs() + spreadMs + ANSWER_MS);
    expect(crowd.stale()).toBe(0);
    expect(crowd.startsMs).toHaveLength(PAGES);
    expect(Math.max(...crowd.startsMs)).toBeLessThanOrEqual(spreadMs);
    peaks.push(fullestSecond(crowd.startsMs));
    await clock.advanceTo(clock.nowMs() + 5_000);
    expect(crowd.startsMs).toHaveLength(PAGES);
  }
  crowd.close();
  console.log(`fullest seconds of ${PAGES} pages within ${spreadMs} ms: ${peaks.join(', ')}`);
  expect(Math.max(...peaks)).toBeLessThanOrEqual(1.1 * TARGET);
  expect(Math.max(...peaks)).toBeGreaterThanOrEqual(0.9 * TARGET);
}, 300_000);
