import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createFamilies, readTruth, type Viewer } from './families.js';
import { FAULTS } from './faults.js';
import { openHandWrittenPage, openPage, type Page } from './page.js';
import { type Place, REDIS_NAME, startPlace } from './place.js';
import { startWriters, type Writers } from './writers.js';

/** 200 pages in all. */
const SIZES = { families: 96, tutors: 8 };
/** Pages that are opened at the same moment. */
const AT_ONCE = 25;
const PER_SECOND = 50;
/** How long something is broken, in attempts to change something. */
const ATTEMPTS = 100;
/** How often all of it breaks; more for hours. */
const ROUNDS = Number(process.env['CHAOS_ROUNDS'] ?? 1);
/**
 * From the repair until every page is right, in milliseconds: the longest that a client waits before it connects again,
 * and that the sweep may take.
 */
const HEALED_WITHIN_MS = 30_000;

let place: Place;
let database: Client;
let publisher: Redis;
let writers: Writers;
const pages: Page[] = [];
/** Of the parents, once more. */
let handWritten: readonly Page[] = [];
const report: string[] = [];

beforeAll(async () => {
  place = await startPlace();
  await reconnect();
  const viewers = await createFamilies(database, SIZES);
  const of = (role: Viewer['role']) => viewers.filter((viewer) => viewer.role === role);
  // Not all at once: a page whose first load fails is asked to try again by whoever looks at it.
  for (let from = 0; from < viewers.length; from += AT_ONCE) {
    const more = viewers.slice(from, from + AT_ONCE).map((viewer) => openPage(place.wires.pages.url, viewer));
    pages.push(...more);
    await healed(60_000);
  }
  handWritten = of('parent').map((viewer) =>
    openHandWrittenPage(place.wires.pages.url, place.wires.handWritten.url, viewer),
  );
  publisher = publisherOf(place);
  const students = of('student').map(({ id }) => id);
  const { seenBy } = await readTruth(database);
  const parentOf = new Map(of('parent').flatMap((viewer) => seenBy(viewer).map((student) => [student, viewer.id])));
  writers = startWriters({
    databaseUrl: place.databaseUrl,
    students,
    perSecond: PER_SECOND,
    committed(student) {
      // As such code does: whoever writes says so afterwards. Nobody hears of a failure.
      publisher.publish('changes', `parent:${parentOf.get(student)}`).catch(() => {});
    },
  });
}, 120_000);

afterAll(async () => {
  for (const page of [...pages, ...handWritten]) page.close();
  await writers?.close();
  publisher?.disconnect();
  await database?.end();
  await place?.close();
  console.log(report.join('\n'));
}, 60_000);

for (let round = 1; round <= ROUNDS; round += 1) {
  describe(`round ${round}`, () => {
    test.each(FAULTS)(
      '$name: every page is right afterwards',
      async ({ name, isExact, strike }) => {
        const before = { resyncs: sum(pages, 'resyncs'), fetches: sum(pages, 'fetches'), commits: writers.committed() };
        writers.resume();
        await writers.attempts(ATTEMPTS / 2);
        const repair = await strike(place);
        await writers.attempts(ATTEMPTS);
        // Whoever missed the last change is not saved by the next one.
        await writers.pause();
        await repair();
        const since = performance.now();
        await healed(HEALED_WITHIN_MS);
        const healedMs = Math.round(performance.now() - since);
        const missed = (await stale(handWritten)).length;
        const resyncs = sum(pages, 'resyncs') - before.resyncs;
        const fetches = sum(pages, 'fetches') - before.fetches;
        const commits = writers.committed() - before.commits;
        report.push(
          `${name}: ${commits} commits, healed after ${healedMs} ms, ${fetches} fetches, ${resyncs} resyncs; by hand ${missed} of ${handWritten.length} stale`,
        );
        if (isExact) expect(resyncs).toBe(0);
      },
      90_000,
    );
  });
}

async function reconnect(): Promise<void> {
  database = new Client({ connectionString: place.databaseUrl });
  // The next question is asked on a new connection.
  database.on('error', () => {});
  await database.connect();
}

/** Which pages hold something else than the database. */
async function stale(of: readonly Page[]): Promise<readonly Page[]> {
  const truth = await readTruth(database).catch(async () => {
    await reconnect();
    return readTruth(database);
  });
  return of.filter((page) => page.isStale(truth));
}

async function healed(withinMs: number): Promise<void> {
  await vi.waitFor(async () => expect((await stale(pages)).map((page) => page.explain())).toEqual([]), {
    timeout: withinMs,
    interval: 100,
  });
}

function sum(of: readonly Page[], count: 'resyncs' | 'fetches'): number {
  return of.reduce((total, page) => total + page[count](), 0);
}

function publisherOf({ sentinel }: Place): Redis {
  const redis = new Redis({ sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: REDIS_NAME });
  redis.on('error', () => {});
  return redis;
}
