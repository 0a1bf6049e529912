import type { SqlPool } from '@querycast/server/postgres';
import { z } from 'zod';
import { type LiveRole, readOfRoot } from '../dashboards/live-reads.js';
import type { Told } from './told.js';

const LIVE_ROLES = ['parent', 'student', 'teacher', 'tutor'] as const satisfies readonly LiveRole[];

/** So that no statement comes near the time that one may take, however many rows somebody changes at once. */
const IDS_OF_STATEMENT = 1_000;

const rowsSchema = z.array(
  z.object({ role: z.enum(LIVE_ROLES), viewer: z.int(), root: z.string(), student: z.int().nullable() }),
);

/**
 * Runs a statement that answers who is to be told what: rows of `role`, `viewer`, `root` (the first element of a key)
 * and `student` (the id in the key, where it has one). Its only parameter is the ids it is about, as a JSON array.
 */
export async function queryAudience(pool: SqlPool, statement: string, ids: readonly number[]): Promise<Told[]> {
  const told: Told[] = [];
  for (let start = 0; start < ids.length; start += IDS_OF_STATEMENT) {
    const { rows } = await pool.query(statement, [JSON.stringify(ids.slice(start, start + IDS_OF_STATEMENT))]);
    for (const { role, viewer, root, student } of rowsSchema.parse(rows)) {
      told.push({ role, userId: viewer, keys: [readOfRoot(role, root).key(student ?? 0)] });
    }
  }
  return told;
}
