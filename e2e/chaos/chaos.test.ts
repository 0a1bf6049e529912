import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counter } from '../support/api.js';
import { FAULTS } from './faults.js';
import { replicating } from './masters.js';
import { pacesOf } from './paces.js';
import type { Page } from './page.js';
import { soon } from './place.js';
import { openScene, PER_SECOND, type Scene } from './scene.js';

/** How long something is broken at least, in attempts to change something. */
const ATTEMPTS = 2 * PER_SECOND;
/** How often all of it breaks; more for hours. */
const ROUNDS = Number(process.env['CHAOS_ROUNDS'] ?? 1);
/**
 * From the repair until every page is right, in milliseconds: a client waits for 30 s at most before it connects again,
 * and the rest is for what it does then.
 */
const HEALED_WITHIN_MS = 45_000;
/** More than all deadlines in a test take together, so that what fails is one of them and says what was waited for. */
const TEST_TIMEOUT_MS = 300_000;

/** How long Redis is away, in seconds; some longer than pages wait until they poll. */
const AWAY_SECONDS = Number(process.env['CHAOS_AWAY_SECONDS'] ?? 14);
/** As the client has it: a page that is not live for so long polls. */
const POLLS_AFTER_SECONDS = 10;
/**
 * Until all that was written meanwhile has been announced, in milliseconds: each hundred changes concern every page, and
 * are told as fast as slow cores compute what all of them show.
 */
const TOLD_WITHIN_MS = 60_000 + 3 * AWAY_SECONDS * 1_000;

let scene: Scene;
const report: string[] = [];

beforeAll(async () => {
  scene = await openScene();
}, TEST_TIMEOUT_MS);

afterAll(async () => {
  await scene?.close();
  console.log(report.join('\n'));
}, 60_000);

for (let round = 1; round <= ROUNDS; round += 1) {
  describe(`round ${round}`, () => {
    test.each(FAULTS)(
      '$name: every page is right afterwards',
      async ({ name, isExact, prepare, strike }) => {
        const { place, writers, pages, handWritten } = scene;
        await prepare?.(place, pages);
        const before = count();
        writers.resume();
        await writers.attempts(ATTEMPTS / 2);
        const struckAt = performance.now();
        const repair = await strike(place, pages);
        await writers.attempts(ATTEMPTS);
        // Whoever missed the last change is not saved by the next one.
        await writers.pause();
        const lasted = seconds(performance.now() - struckAt);
        await repair();
        const healed = seconds(await healing());
        const byHand = `${(await scene.stale(handWritten)).length} of ${handWritten.length}`;
        const { commits, fetches, resyncs } = since(before);
        report.push(
          `| ${name} | ${lasted} | ${commits} | ${healed} | ${fetches} fetches | ${resyncs} resyncs | by hand ${byHand} |`,
        );
        if (isExact) expect(resyncs).toBe(0);
        expect(pages.map((page) => page.state()).filter((state) => state === 'refused')).toEqual([]);
      },
      TEST_TIMEOUT_MS,
    );
  });
}

test(
  `Redis is away for ${AWAY_SECONDS} s: writes go on, pages poll and say so, all is right afterwards, at its pace`,
  async () => {
    const { place, writers, pages, handWritten } = scene;
    // They fetch once for each change that was told late, all at the same moment, and that is not what is measured.
    for (const page of handWritten) page.close();
    const rows = (result: string) => counter(place, 'relay_rows_total', { result });
    // What is published again is counted again.
    const published = async () => (await rows('published')) - (await rows('replayed'));
    const before = { ...count(), published: await published() };
    const stood = monitorEventLoopDelay({ resolution: 10 });
    stood.enable();
    writers.resume();
    const struckAt = performance.now();
    for (const server of place.redis) await server.kill();
    await everyPage((page) => page.state() === 'polling');
    const pollingAt = performance.now();
    await writers.attempts((AWAY_SECONDS - POLLS_AFTER_SECONDS) * PER_SECOND);
    await writers.pause();
    const { commits, failed } = since(before);
    await everyPage((page) => page.state() === 'polling');

    const stoodBefore = stood.max / 1e6;
    stood.reset();
    const returnedAt = performance.now();
    for (const server of place.redis) await server.start();
    const healed = seconds(await healing());
    // And what is announced late, of changes that are there already.
    await replicating(place);
    await soon(
      async () => expect(await published()).toBeGreaterThanOrEqual(before.published + commits),
      TOLD_WITHIN_MS,
    );
    await everyPage((page) => page.state() === 'live' && page.isAtRest(), TOLD_WITHIN_MS);
    const restedAt = performance.now();
    stood.disable();

    const stoodMs = { before: stoodBefore, after: stood.max / 1e6 };
    const paces = pacesOf(pages, { pollingAt, returnedAt, restedAt, stoodMs });
    report.push(
      `| Redis is away | ${seconds(returnedAt - struckAt)} | ${commits} commits | ${healed} | ${since(before).resyncs} resyncs |`,
      `  all poll after ${seconds(pollingAt - struckAt)}; at rest ${seconds(restedAt - returnedAt)} after the return; stood still for ${seconds(stoodMs.before)} before, ${seconds(stoodMs.after)} after`,
      ...Object.entries(paces).map(
        ([name, { count: times, peak, most }]) => `  ${name}: ${times}, ${peak} in a second, ${most} at most`,
      ),
    );
    expect(failed).toBe(0);
    expect(paces.polls.count).toBeGreaterThan(0);
    expect(Object.entries(paces).filter(([, { peak, most }]) => peak > most)).toEqual([]);
  },
  TEST_TIMEOUT_MS + AWAY_SECONDS * 1_000 + 2 * TOLD_WITHIN_MS,
);

async function everyPage(is: (page: Page) => boolean, withinMs?: number): Promise<void> {
  await soon(() => expect(scene.pages.filter((page) => !is(page)).map((page) => page.explain())).toEqual([]), withinMs);
}

/** Milliseconds until all was right. */
async function healing(): Promise<number> {
  const from = performance.now();
  await scene.healed(HEALED_WITHIN_MS);
  return performance.now() - from;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function count() {
  const { writers, pages } = scene;
  const sum = (of: (page: Page) => number) => pages.reduce((total, page) => total + of(page), 0);
  return {
    commits: writers.committed(),
    failed: writers.failed(),
    fetches: sum((page) => page.fetchedAt().length),
    resyncs: sum((page) => page.resyncs()),
  };
}

function since(before: ReturnType<typeof count>): ReturnType<typeof count> {
  const now = count();
  return {
    commits: now.commits - before.commits,
    failed: now.failed - before.failed,
    fetches: now.fetches - before.fetches,
    resyncs: now.resyncs - before.resyncs,
  };
}
