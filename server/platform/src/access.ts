/** Who may do what, all in one place: by role here, by row in the two questions below. */
import type { Role } from '@querycast/platform-protocol';
import { and, eq } from 'drizzle-orm';
import type { Database } from './db/database.js';
import { studentProfiles } from './db/schema.js';

/** The roles that may use each part of the API; whoever is logged in for the rest. */
export const ACCESS = {
  parentReads: ['parent'],
  tutorStudents: ['tutor'],
  subjects: ['tutor', 'teacher', 'student', 'parent', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

/** Whether this student is a child of this parent. Asked anew at every request: a cache must not outlive a right. */
export async function isChildOf(db: Database, parentId: number, studentId: number): Promise<boolean> {
  const [row] = await db
    .select({ id: studentProfiles.userId })
    .from(studentProfiles)
    .where(and(eq(studentProfiles.userId, studentId), eq(studentProfiles.parentId, parentId)));
  return row !== undefined;
}

/**
 * The student, when it is this tutor's; inside a transaction the row is held until its end, so that the student cannot
 * go to another tutor under the write.
 */
export async function holdStudentOf(db: Database, tutorId: number, studentId: number) {
  const [row] = await db
    .select({ id: studentProfiles.userId, parentId: studentProfiles.parentId })
    .from(studentProfiles)
    .where(and(eq(studentProfiles.userId, studentId), eq(studentProfiles.tutorId, tutorId)))
    .for('share');
  return row;
}
