import type { AssignSubject, Enrollment } from '@querycast/platform-protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { subjectEnrollments } from '../db/schema.js';

/** Who learns what with whom from now on. */
export interface Assignment {
  readonly studentId: number;
  readonly assignedBy: number;
  /** Each once. */
  readonly subjects: readonly AssignSubject[];
}

/** What an assignment did for one subject. */
export interface Assigned {
  readonly enrollment: Enrollment;
  readonly created: boolean;
}

/**
 * Enrols a student, takes ended enrollments up again, and leaves active ones exactly as they are, in one statement.
 * Answers in the order of `subjects`.
 */
export async function assignSubjects(
  db: Database,
  { studentId, assignedBy, subjects }: Assignment,
): Promise<Assigned[]> {
  const table = subjectEnrollments;
  const rows = await db
    .insert(table)
    // In one order for everybody, or two who assign the same would wait for each other.
    .values(
      subjects
        .toSorted((a, b) => a.subjectId - b.subjectId || a.teacherId - b.teacherId)
        .map((subject) => ({ ...subject, studentId, assignedBy })),
    )
    .onConflictDoUpdate({
      target: [table.studentId, table.subjectId, table.teacherId],
      set: {
        isActive: true,
        enrolledAt: sql`CASE WHEN ${table.isActive} THEN ${table.enrolledAt} ELSE now() END`,
        assignedBy: sql`CASE WHEN ${table.isActive} THEN ${table.assignedBy} ELSE excluded.assigned_by END`,
      },
    })
    .returning({
      id: table.id,
      subjectId: table.subjectId,
      teacherId: table.teacherId,
      enrolledAt: table.enrolledAt,
      // A row that this statement inserted has no xmax; one that it updated carries its own lock.
      created: sql<boolean>`xmax = 0`,
    });
  return subjects.map(({ subjectId, teacherId }) => {
    const row = rows.find((each) => each.subjectId === subjectId && each.teacherId === teacherId);
    if (!row) throw new Error('an upsert returned no row');
    const enrolledAt = row.enrolledAt.toISOString();
    return {
      enrollment: { id: row.id, studentId, subjectId, teacherId, isActive: true, enrolledAt },
      created: row.created,
    };
  });
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
