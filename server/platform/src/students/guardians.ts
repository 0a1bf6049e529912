import { eq } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { studentProfiles } from '../db/schema.js';

/** Parent and tutor of a student; neither when there is no profile. */
export async function findGuardians(db: Database, studentId: number) {
  const [row] = await db
    .select({ parentId: studentProfiles.parentId, tutorId: studentProfiles.tutorId })
    .from(studentProfiles)
    .where(eq(studentProfiles.userId, studentId));
  return row ?? { parentId: null, tutorId: null };
}
