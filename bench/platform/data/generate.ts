import { openDatabase } from '@querycast/platform-server/src/db/open-database.js';
import type { Client } from 'pg';
import type { Progress } from '../../figures/progress.js';
import { learningSql } from './learning-sql.js';
import { peopleSql } from './people-sql.js';
import { reportsSql } from './reports-sql.js';
import type { Sizes } from './sizes.js';

const COUNTED = [
  'users',
  'student_profiles',
  'subject_enrollments',
  'materials',
  'material_assignments',
  'material_progress',
  'study_plans',
  'tutor_weekly_reports',
  'teacher_weekly_reports',
  'student_reports',
] as const;

/** How many rows each table has. */
export type RowCounts = Readonly<Record<(typeof COUNTED)[number], number>>;

/**
 * Makes the platform's schema in an empty database and fills it; the same rows for the same sizes. Rejects when they are
 * not as many as was asked for.
 */
export async function generate(url: string, client: Client, sizes: Sizes, progress: Progress): Promise<RowCounts> {
  await progress.step('making the schema', async () => (await openDatabase({ url })).close());
  await progress.step(
    `generating ${sizes.students} students, ${sizes.teachers} teachers and ${sizes.progressRows} progress rows`,
    () => fill(client, sizes),
  );
  // As autovacuum leaves a database that has been there for a while: with statistics, and with its pages known as visible.
  await progress.step('collecting statistics', () => client.query('VACUUM ANALYZE'));
  const counts = await countRows(client);
  if (counts.material_progress !== sizes.progressRows) {
    throw new Error(`${counts.material_progress} progress rows were generated instead of ${sizes.progressRows}`);
  }
  return counts;
}

async function fill(client: Client, sizes: Sizes): Promise<void> {
  await client.query('BEGIN');
  // Bypasses the capture of changes, which is meant for those that somebody has to be told of: nobody is there yet. With
  // it, the outbox would begin with a row for each of these. It turns off foreign keys as well, which the statements keep
  // by construction.
  await client.query('SET LOCAL session_replication_role = replica');
  for (const statement of [...peopleSql(sizes), ...learningSql(sizes), ...reportsSql(sizes)]) {
    await client.query(statement);
  }
  await client.query('COMMIT');
}

async function countRows(client: Client): Promise<RowCounts> {
  const counts = COUNTED.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  const { rows } = await client.query<RowCounts>(`SELECT ${counts.join(', ')}`);
  const [row] = rows;
  if (!row) throw new Error('the database counted nothing');
  return row;
}
