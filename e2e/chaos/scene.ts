import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expect, vi } from 'vitest';
import { createFamilies, readTruth, type Viewer } from './families.js';
import { openHandWrittenPage, openPage, type Page } from './page.js';
import { type Place, REDIS_NAME, startPlace } from './place.js';
import { startWriters, type Writers } from './writers.js';

/** Pages that look at what writers change, on servers that can be broken. */
export interface Scene {
  readonly place: Place;
  readonly writers: Writers;
  readonly pages: readonly Page[];
  /** Of the parents, once more, as most teams keep them fresh. */
  readonly handWritten: readonly Page[];
  /** Which of these hold something else than the database. */
  stale(of: readonly Page[]): Promise<readonly Page[]>;
  /** Resolves when every page that Querycast keeps fresh is right; rejects with what the others show. */
  healed(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

/** 200 pages in all. */
const SIZES = { families: 96, tutors: 8 };
/** Pages that are opened at the same moment. */
const AT_ONCE = 25;
/** Attempts to change something, in a second. */
export const PER_SECOND = 50;
const LOADED_WITHIN_MS = 60_000;

/** Starts everything and opens all pages; writers are paused. */
export async function openScene(): Promise<Scene> {
  const place = await startPlace();
  const database = lastingConnection(place.databaseUrl);
  const viewers = await database.use((client) => createFamilies(client, SIZES));
  const parents = viewers.filter(({ role }) => role === 'parent');
  const pages: Page[] = [];

  async function stale(of: readonly Page[]): Promise<readonly Page[]> {
    const truth = await database.use(readTruth);
    return of.filter((page) => page.isStale(truth));
  }
  async function healed(withinMs: number): Promise<void> {
    await vi.waitFor(async () => expect((await stale(pages)).map((page) => page.explain())).toEqual([]), {
      timeout: withinMs,
      interval: 100,
    });
  }

  // Not all at once: a page whose first load fails is asked to try again by whoever looks at it.
  for (let from = 0; from < viewers.length; from += AT_ONCE) {
    const next = viewers.slice(from, from + AT_ONCE);
    pages.push(...next.map((viewer) => openPage(place.wires.pages.url, viewer)));
    await healed(LOADED_WITHIN_MS);
  }
  const handWritten = parents.map((viewer) =>
    openHandWrittenPage(place.wires.pages.url, place.wires.handWritten.url, viewer),
  );
  const { seenBy } = await database.use(readTruth);
  const publisher = publisherOf(place);
  const parentOf = new Map(parents.flatMap((parent) => seenBy(parent).map((student) => [student, parent.id])));
  const writers = startWriters({
    databaseUrl: place.databaseUrl,
    students: studentsOf(viewers),
    perSecond: PER_SECOND,
    committed(student) {
      // As such code does: whoever writes says so afterwards. Nobody hears of a failure.
      publisher.publish('changes', `parent:${parentOf.get(student)}`).catch(() => {});
    },
  });
  return {
    place,
    writers,
    pages,
    handWritten,
    stale,
    healed,
    async close() {
      for (const page of [...pages, ...handWritten]) page.close();
      await writers.close();
      publisher.disconnect();
      await database.close();
      await place.close();
    },
  };
}

function studentsOf(viewers: readonly Viewer[]): number[] {
  return viewers.filter(({ role }) => role === 'student').map(({ id }) => id);
}

/** A connection to a server that is restarted now and then. */
function lastingConnection(databaseUrl: string) {
  let current: Promise<Client> | undefined;

  async function connect(): Promise<Client> {
    const client = new Client({ connectionString: databaseUrl });
    // The next question is asked on a new connection.
    client.on('error', () => {
      current = undefined;
    });
    await client.connect();
    return client;
  }

  return {
    async use<T>(ask: (client: Client) => Promise<T>): Promise<T> {
      current ??= connect();
      try {
        return await ask(await current);
      } catch (error) {
        current = undefined;
        throw error;
      }
    },
    async close() {
      await (await current)?.end();
    },
  };
}

/** What the backend of the hand-written pages publishes with. */
function publisherOf({ sentinel }: Place): Redis {
  const redis = new Redis({ sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: REDIS_NAME });
  // It reconnects by itself.
  redis.on('error', () => {});
  return redis;
}
