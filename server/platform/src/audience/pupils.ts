import type { SqlPool } from '@querycast/server/postgres';
import { z } from 'zod';

/** Pairs of a teacher and a student who is enrolled with the teacher now. */
export type Pupils = ReadonlySet<string>;

const pupilRows = z.array(z.object({ teacher_id: z.int(), student_id: z.int() }));

/** Which of these students are enrolled now, and with whom, in one statement. */
export async function pupilsAmong(pool: SqlPool, studentIds: Iterable<number>): Promise<Pupils> {
  const { rows } = await pool.query(
    `SELECT teacher_id, student_id FROM subject_enrollments
      WHERE is_active AND student_id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))`,
    [JSON.stringify([...new Set(studentIds)])],
  );
  return new Set(pupilRows.parse(rows).map(({ teacher_id, student_id }) => pairOf(teacher_id, student_id)));
}

/** Whether the student is enrolled with the teacher. */
export function isPupilOf(pupils: Pupils, teacherId: number, studentId: number): boolean {
  return pupils.has(pairOf(teacherId, studentId));
}

function pairOf(teacherId: number, studentId: number): string {
  return `${teacherId} ${studentId}`;
}
