import type { Signal } from '@querycast/server/postgres';
import { inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../db/database.js';
import { studentProfiles } from '../db/schema.js';
import { staleForAudience } from '../students/student-audience.js';

const image = z.object({ student_id: z.int() });

/**
 * Who is affected when enrollments change: the parent and the tutor of every student named in a row before or after.
 * They are looked up now, after the commit: whoever became parent or tutor meanwhile is the one who looks.
 */
export function enrollmentSignal(db: Database): Signal {
  return async (changes) => {
    const images = changes.flatMap((change) => [change.old, change.new]).filter((row) => row !== null);
    const studentIds = [...new Set(images.map((row) => image.parse(row).student_id))];
    const students = await db
      .select({
        studentId: studentProfiles.userId,
        parentId: studentProfiles.parentId,
        tutorId: studentProfiles.tutorId,
      })
      .from(studentProfiles)
      .where(inArray(studentProfiles.userId, studentIds));
    return staleForAudience(students);
  };
}
