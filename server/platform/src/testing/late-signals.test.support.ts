import { silentLogger } from '@querycast/server';
import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { platformSignals } from '../compose/signals.js';
import type { Database } from '../db/database.js';
import { openDatabase } from '../db/open-database.js';
import { createSampleRows, type SampleRows } from './sample-rows.test.support.js';
import { createTestPlace } from './test-place.js';

const image = z.record(z.string(), z.unknown()).nullable();
const changesSchema = z.array(
  z.object({
    id: z.string(),
    transaction: z.string(),
    source: z.string(),
    operation: z.enum(['insert', 'update', 'delete']),
    old: image,
    new: image,
  }),
);

/** A database that no relay looks at, and the real signals. */
export interface LateSignals {
  readonly rows: SampleRows;
  /**
   * Commits each write, and asks the signals only then, as a relay does that comes late: it finds the database as the last
   * one left it. Answers the first elements of the keys that are pushed to this room, in order.
   */
  rootsToldLate(room: string, writes: readonly SQL[]): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens an empty database of its own. */
export async function openLateSignals(): Promise<LateSignals> {
  const place = await createTestPlace();
  const { db, pool, close } = await openDatabase(place.database);
  const signals = platformSignals(silentLogger);
  return {
    rows: createSampleRows(db),
    async rootsToldLate(room, writes) {
      await db.execute(sql`DELETE FROM querycast_outbox`);
      for (const write of writes) await db.execute(write);
      const roots = new Set<string>();
      for (const change of await recordedIn(db)) {
        const stale = await signals[change.source]?.([change], pool);
        for (const push of stale?.push ?? []) {
          if (push.room === room) for (const [root] of push.keys) roots.add(String(root));
        }
      }
      return [...roots].sort();
    },
    async close() {
      await close();
      await place.remove();
    },
  };
}

async function recordedIn(db: Database) {
  const recorded = (await db.execute(
    sql`SELECT id::text, tx::text AS transaction, source, operation, old, new
      FROM querycast_outbox ORDER BY querycast_outbox.id`,
  )) as unknown as { rows: unknown[] };
  return changesSchema.parse(recorded.rows);
}
