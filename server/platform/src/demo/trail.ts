import type { DemoTrail, DemoTravel } from '@querycast/platform-protocol';
import type { Room } from '@querycast/protocol';
import type { Logger } from '@querycast/server';
import type { Push, Signal, Signals, SqlPool } from '@querycast/server/postgres';
import { z } from 'zod';
import { MAX_TOLD } from './trail-schema.js';
import { createTravelBook, type Travelled } from './travel-book.js';

/** Watches this node's relay and tells what it made travel. */
export interface Trail {
  /** The same signals, listened to. */
  watch(signals: Signals): Signals;
  /** Takes notice of what was published, and returns at once. Never throws. */
  published(pushes: readonly Push[]): void;
}

/** Settings of {@link createTrail}. */
export interface TrailOptions {
  readonly pool: SqlPool;
  /** Nothing is told of any other room. */
  readonly rooms: ReadonlySet<Room>;
  /** Hears of every pass of the relay that published something to these rooms. */
  readonly tell: (trail: DemoTrail) => void;
  readonly logger: Logger;
}

/** Creates the trail. What it cannot find out it leaves out: nothing depends on it. */
export function createTrail({ pool, rooms, tell, logger }: TrailOptions): Trail {
  const book = createTravelBook(rooms);

  async function tellOf(travelled: readonly Travelled[], publishedAt: number): Promise<void> {
    const told = travelled.slice(-MAX_TOLD);
    const ages = await readAges(pool, told);
    const sinceMs = performance.now() - publishedAt;
    const travels = told.map(({ rowIds, changes, rooms: ofTravel }): DemoTravel => {
      const ageMs = Math.max(...rowIds.map((id) => ages.get(id) ?? 0));
      return {
        changes: changes.slice(0, MAX_TOLD),
        rooms: ofTravel,
        ageMs,
        publishedAfterMs: Math.max(0, ageMs - sinceMs),
      };
    });
    tell({ travels, more: travelled.length - told.length });
  }

  return {
    watch: (signals) => Object.fromEntries(Object.entries(signals).map(([source, each]) => [source, noted(each)])),
    published(pushes) {
      const publishedAt = performance.now();
      const travelled = book.publish(pushes);
      if (travelled.length === 0) return;
      // A watcher that misses something sees the dashboard change all the same.
      tellOf(travelled, publishedAt).catch((error: unknown) => {
        logger.debug({ error: String(error) }, 'trail of the demo could not be told');
      });
    },
  };

  function noted(signal: Signal): Signal {
    return async (changes, signalPool) => {
      const stale = await signal(changes, signalPool);
      book.note(changes, stale);
      return stale;
    };
  }
}

// By the clock that wrote the rows: that of this node may differ. Its own part of the time is measured by itself.
const AGES = `
SELECT id::text, (extract(epoch FROM clock_timestamp() - created_at) * 1000)::float8 AS age_ms
FROM public.querycast_outbox
WHERE id = ANY(ARRAY(SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb)))`;

const agesSchema = z.array(z.object({ id: z.string(), age_ms: z.number() }));

/** For how many milliseconds rows of the outbox have existed. */
async function readAges(pool: SqlPool, travelled: readonly Travelled[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query(AGES, [JSON.stringify(travelled.flatMap(({ rowIds }) => rowIds))]);
  return new Map(agesSchema.parse(rows).map(({ id, age_ms }) => [id, Math.max(0, age_ms)]));
}
