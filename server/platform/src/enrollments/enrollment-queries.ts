import type { Enrollment } from '@querycast/platform-protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { subjectEnrollments } from '../db/schema.js';

/** Whom and what an assignment joins. */
export interface Assignment {
  readonly studentId: number;
  readonly subjectId: number;
  readonly teacherId: number;
  readonly assignedBy: number;
}

/** Enrols a student, takes an ended enrollment up again, or leaves an active one exactly as it is. */
export async function assignSubject(
  db: Database,
  assignment: Assignment,
): Promise<{ enrollment: Enrollment; created: boolean }> {
  const table = subjectEnrollments;
  const [row] = await db
    .insert(table)
    .values(assignment)
    .onConflictDoUpdate({
      target: [table.studentId, table.subjectId, table.teacherId],
      set: {
        isActive: true,
        enrolledAt: sql`CASE WHEN ${table.isActive} THEN ${table.enrolledAt} ELSE now() END`,
        assignedBy: sql`CASE WHEN ${table.isActive} THEN ${table.assignedBy} ELSE excluded.assigned_by END`,
      },
    })
    // A row that this statement inserted has no xmax; one that it updated carries its own lock.
    .returning({ id: table.id, enrolledAt: table.enrolledAt, created: sql<boolean>`xmax = 0` });
  if (!row) throw new Error('an upsert returned no row');
  const { studentId, subjectId, teacherId } = assignment;
  const enrolledAt = row.enrolledAt.toISOString();
  return {
    enrollment: { id: row.id, studentId, subjectId, teacherId, isActive: true, enrolledAt },
    created: row.created,
  };
}

/** Ends an enrollment of this student; `undefined` when there is none with this id. Ending it twice changes nothing. */
export async function endEnrollment(db: Database, studentId: number, enrollmentId: number) {
  const table = subjectEnrollments;
  const [row] = await db
    .update(table)
    .set({ isActive: false })
    .where(and(eq(table.id, enrollmentId), eq(table.studentId, studentId)))
    .returning({ id: table.id });
  return row;
}
