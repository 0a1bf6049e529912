import type { Authorize } from '@querycast/server';
import { z } from 'zod';
import type { DatabaseHandle } from '../db/open-database.js';
import { parseIdText } from '../http/validation.js';
import { lookUpTogether } from './look-up-together.js';

const rowSchema = z.object({ user_id: z.int(), parent_id: z.int().nullable(), tutor_id: z.int().nullable() });

const READ = `
SELECT user_id, parent_id, tutor_id FROM student_profiles
WHERE user_id = ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))`;

const KIND = 'student:';

/**
 * Lets the parent and the tutor of a student join the student's room, as the database knows them now, and nobody any other
 * room. All that is asked in one moment costs one statement. Rejects while the database does not answer.
 */
export function studentRooms(pool: DatabaseHandle['pool']): Authorize {
  const lookUp = lookUpTogether(async (students: readonly number[]) => {
    const { rows } = await pool.query(READ, [JSON.stringify(students)]);
    return new Map(
      z
        .array(rowSchema)
        .parse(rows)
        .map((row) => [row.user_id, row]),
    );
  });
  return async ({ id, claims }, room) => {
    const role = claims['role'];
    if (role !== 'parent' && role !== 'tutor') return false;
    const studentId = room.startsWith(KIND) ? parseIdText(room.slice(KIND.length)) : undefined;
    if (studentId === undefined) return false;
    const row = await lookUp(studentId);
    const guardian = role === 'parent' ? row?.parent_id : row?.tutor_id;
    return typeof guardian === 'number' && String(guardian) === id;
  };
}
