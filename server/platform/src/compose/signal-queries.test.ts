import { silentLogger } from '@querycast/server';
import type { Change, SqlPool } from '@querycast/server/postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { capturedTables } from '../db/captured-tables.js';
import { type DatabaseHandle, openDatabase } from '../db/open-database.js';
import { createTestPlace, type TestPlace } from '../testing/test-place.js';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';
import { platformSignals } from './signals.js';

/** Rows of each table, each with a family, a teacher and a tutor of its own: whatever is asked for each would show. */
const MANY = 200;

/** The students are 1001 and on, their parents 2001, teachers 3001, tutors 4001; the rest is numbered like students. */
const WORLD = `
INSERT INTO users (id, email, password_hash, role, first_name, last_name)
  SELECT first + i, role || i || '@many.test', '', role, initcap(role), i::text
  FROM (VALUES (1000, 'student'), (2000, 'parent'), (3000, 'teacher'), (4000, 'tutor')) AS roles (first, role),
    generate_series(1, ${MANY}) AS i;
INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade)
  SELECT 1000 + i, 2000 + i, 4000 + i, 5 FROM generate_series(1, ${MANY}) AS i;
INSERT INTO subjects (id, name, color) SELECT 1000 + i, 'Subject ' || i, '#123456' FROM generate_series(1, ${MANY}) AS i;
INSERT INTO subject_enrollments (id, student_id, subject_id, teacher_id)
  SELECT 1000 + i, 1000 + i, 1000 + i, 3000 + i FROM generate_series(1, ${MANY}) AS i;
INSERT INTO study_plans (id, student_id, subject_id, teacher_id, title, content, week_start_date, status, sent_at)
  SELECT 1000 + i, 1000 + i, 1000 + i, 3000 + i, 'A plan', 'With some content', '2026-11-30', 'sent', now()
  FROM generate_series(1, ${MANY}) AS i;
INSERT INTO materials (id, author_id, subject_id, title, type, status)
  SELECT 1000 + i, 3000 + i, 1000 + i, 'A material', 'lesson', 'active' FROM generate_series(1, ${MANY}) AS i;
INSERT INTO material_assignments (material_id, student_id) SELECT 1000 + i, 1000 + i FROM generate_series(1, ${MANY}) AS i;
INSERT INTO material_progress (material_id, student_id) SELECT 1000 + i, 1000 + i FROM generate_series(1, ${MANY}) AS i;
INSERT INTO tutor_weekly_reports (id, tutor_id, parent_id, student_id, week_start_date, summary, status, sent_at)
  SELECT 1000 + i, 4000 + i, 2000 + i, 1000 + i, '2026-11-30', 'A week', 'sent', now() FROM generate_series(1, ${MANY}) AS i;
INSERT INTO teacher_weekly_reports (id, teacher_id, tutor_id, student_id, week_start_date, summary, status, sent_at)
  SELECT 1000 + i, 3000 + i, 4000 + i, 1000 + i, '2026-11-30', 'A week', 'sent', now() FROM generate_series(1, ${MANY}) AS i;
INSERT INTO student_reports (id, teacher_id, parent_id, student_id, title, content, status, sent_at)
  SELECT 1000 + i, 3000 + i, 2000 + i, 1000 + i, 'A report', 'Of one student', 'sent', now()
  FROM generate_series(1, ${MANY}) AS i;`;

/** Writes that change everything a signal looks at, of the rows numbered from 1001 to the number in place of `$`. */
const EDITS: Record<(typeof capturedTables)[number]['table'], string> = {
  users: "UPDATE users SET first_name = first_name || '!', is_active = NOT is_active WHERE id BETWEEN 1001 AND $",
  student_profiles: `UPDATE student_profiles
    SET grade = 11 - grade, goal = goal || '!', parent_id = 4201 - parent_id, tutor_id = 8201 - tutor_id
    WHERE user_id BETWEEN 1001 AND $`,
  subjects: "UPDATE subjects SET name = name || '!', color = '#654321' WHERE id BETWEEN 1001 AND $",
  subject_enrollments: `UPDATE subject_enrollments SET teacher_id = 6201 - teacher_id, custom_subject_name = 'Mine'
    WHERE id BETWEEN 1001 AND $`,
  study_plans: "UPDATE study_plans SET title = title || '!', status = 'archived' WHERE id BETWEEN 1001 AND $",
  materials: `UPDATE materials SET title = title || '!', subject_id = 2201 - subject_id, status = 'archived'
    WHERE id BETWEEN 1001 AND $`,
  material_assignments:
    "UPDATE material_assignments SET assigned_at = assigned_at - interval '1 day' WHERE student_id BETWEEN 1001 AND $",
  material_progress: `UPDATE material_progress SET progress_percentage = 100, time_spent_minutes = 9, is_completed = true
    WHERE student_id BETWEEN 1001 AND $`,
  tutor_weekly_reports:
    "UPDATE tutor_weekly_reports SET summary = summary || '!', status = 'read' WHERE id BETWEEN 1001 AND $",
  teacher_weekly_reports: "UPDATE teacher_weekly_reports SET summary = summary || '!' WHERE id BETWEEN 1001 AND $",
  student_reports: "UPDATE student_reports SET title = title || '!' WHERE id BETWEEN 1001 AND $",
};

const changesSchema = z.array(
  z.object({
    id: z.string(),
    transaction: z.string(),
    source: z.string(),
    operation: z.literal('update'),
    old: z.record(z.string(), z.unknown()),
    new: z.record(z.string(), z.unknown()),
  }),
);

const signals = platformSignals(silentLogger);
let place: TestPlace;
let database: DatabaseHandle;

beforeAll(async () => {
  place = await createTestPlace();
  database = await openDatabase(place.database);
  for (const statement of WORLD.split(';\n')) await database.db.execute(statement);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await database.close();
  await place.remove();
});

/** What a write of so many rows leaves in the outbox. The rows are as before afterwards, and the outbox is empty. */
async function changesOf(statement: string, rows: number): Promise<Change[]> {
  let changes: Change[] = [];
  const rolledBack = new Error('rolled back');
  const transaction = database.db.transaction(async (tx) => {
    await tx.execute('DELETE FROM querycast_outbox');
    await tx.execute(statement.replace('$', String(1000 + rows)));
    const recorded = (await tx.execute(
      sql`SELECT id::text, tx AS transaction, source, operation, old, new FROM querycast_outbox ORDER BY querycast_outbox.id`,
    )) as unknown as { rows: unknown[] };
    changes = changesSchema.parse(recorded.rows);
    throw rolledBack;
  });
  await expect(transaction).rejects.toBe(rolledBack);
  expect(changes).toHaveLength(rows);
  return changes;
}

/** How many queries a signal needs for changes, and how many rooms it tells. */
async function cost(source: string, changes: readonly Change[]) {
  let queries = 0;
  const pool: SqlPool = {
    query(text, params) {
      queries += 1;
      return database.pool.query(text, params);
    },
  };
  const stale = await signals[source]?.(changes, pool);
  return { queries, rooms: stale?.push.length ?? 0, owners: stale?.evict.length ?? 0 };
}

async function expectSameQueries(source: string, few: readonly Change[], many: readonly Change[]) {
  const [ofOne, ofMany] = [await cost(source, few), await cost(source, many)];
  expect(ofMany.queries).toBe(ofOne.queries);
  return ofMany;
}

test.each(Object.entries(EDITS))(
  'the signal of %s asks as often for 200 rows of one transaction as for one, and tells those of each',
  async (source, statement) => {
    const few = await changesOf(statement, 1);
    const many = await changesOf(statement, MANY);
    const edited = await expectSameQueries(source, few, many);
    expect(edited.rooms).toBeGreaterThanOrEqual(MANY);
    expect(edited.owners).toBeGreaterThanOrEqual(MANY);
    const inserted = (changes: readonly Change[]) =>
      changes.map((change): Change => ({ ...change, operation: 'insert', old: null }));
    await expectSameQueries(source, inserted(few), inserted(many));
    const deleted = (changes: readonly Change[]) =>
      changes.map((change): Change => ({ ...change, operation: 'delete', new: null }));
    await expectSameQueries(source, deleted(few), deleted(many));
  },
  60_000,
);

test('explicit calls ask as often for 200 people as for one', async () => {
  const calls = (rows: number) =>
    Array.from({ length: rows }, (_, index): Change => {
      const payload = { role: 'parent', userId: 2001 + index };
      return {
        id: String(index),
        transaction: '1',
        source: 'invalidate_cache',
        operation: 'call',
        old: null,
        new: payload,
      };
    });
  const { rooms } = await expectSameQueries('invalidate_cache', calls(1), calls(MANY));
  expect(rooms).toBe(MANY);
});

test('no signal is left out', () => {
  expect([...Object.keys(EDITS), 'invalidate_cache'].sort()).toEqual(Object.keys(signals).sort());
});
