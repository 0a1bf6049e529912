import { eq } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { studentProfiles } from '../db/schema.js';

const NOBODY = { parentId: null, tutorId: null };

/** Parent and tutor of a student; neither when there is no profile. */
export async function findGuardians(db: Database, studentId: number) {
  const [row] = await select(db, studentId);
  return row ?? NOBODY;
}

/** The same, who stay that until the transaction ends: what is addressed to one of them must not miss the next one. */
export async function holdGuardians(tx: Database, studentId: number) {
  const [row] = await select(tx, studentId).for('share');
  return row ?? NOBODY;
}

function select(db: Database, studentId: number) {
  return db
    .select({ parentId: studentProfiles.parentId, tutorId: studentProfiles.tutorId })
    .from(studentProfiles)
    .where(eq(studentProfiles.userId, studentId));
}
