import type { SqlPool } from '@querycast/server/postgres';
import { z } from 'zod';

/** A student, and who looks after them now. */
export interface LookedAfter {
  readonly studentId: number;
  readonly parentId: number | null;
  readonly tutorId: number | null;
}

const rowsSchema = z.array(
  z
    .object({ user_id: z.int(), parent_id: z.int().nullable(), tutor_id: z.int().nullable() })
    .transform((row): LookedAfter => ({ studentId: row.user_id, parentId: row.parent_id, tutorId: row.tutor_id })),
);

/**
 * Parents and tutors of students, in one statement. As they are now, after the commit: whoever became one meanwhile is
 * the one who looks, and whoever is one no longer is told so by the change of the profile.
 */
export async function guardiansOf(pool: SqlPool, studentIds: Iterable<number>): Promise<readonly LookedAfter[]> {
  const { rows } = await pool.query(
    `SELECT user_id, parent_id, tutor_id FROM student_profiles
      WHERE user_id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))`,
    [JSON.stringify([...new Set(studentIds)])],
  );
  return rowsSchema.parse(rows);
}
