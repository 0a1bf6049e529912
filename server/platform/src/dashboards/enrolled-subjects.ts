import type { ChildSubject } from '@querycast/platform-protocol';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { subjectEnrollments, subjects, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';
import { grouped } from './grouped.js';
import type { StudentSet } from './student-sets.js';

/** The active subjects of many students in one statement, by student, ordered by name. */
export async function listEnrolledSubjects(
  db: Database,
  students: StudentSet,
): Promise<ReadonlyMap<number, ChildSubject[]>> {
  const subjectName = sql<string>`COALESCE(${subjectEnrollments.customSubjectName}, ${subjects.name})`;
  const rows = await db
    .select({
      studentId: subjectEnrollments.studentId,
      enrollmentId: subjectEnrollments.id,
      subjectId: subjects.id,
      name: subjectName,
      color: subjects.color,
      teacherId: users.id,
      teacherName: fullName(),
      enrolledAt: subjectEnrollments.enrolledAt,
    })
    .from(subjectEnrollments)
    .innerJoin(subjects, eq(subjects.id, subjectEnrollments.subjectId))
    .innerJoin(users, eq(users.id, subjectEnrollments.teacherId))
    .where(and(students(subjectEnrollments.studentId), subjectEnrollments.isActive))
    .orderBy(asc(subjectName), asc(subjectEnrollments.id));
  return grouped(rows, ({ studentId, teacherId, teacherName, enrolledAt, ...subject }) => [
    studentId,
    { ...subject, teacher: { id: teacherId, name: teacherName }, enrolledAt: enrolledAt.toISOString() },
  ]);
}
