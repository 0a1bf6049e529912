import type { ChildSubject } from '@querycast/platform-protocol';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { subjectEnrollments, subjects, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';

/** The active subjects of many students in one statement, by student, ordered by name. */
export async function listEnrolledSubjects(
  db: Database,
  studentIds: readonly number[],
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
    .where(and(inArray(subjectEnrollments.studentId, [...studentIds]), eq(subjectEnrollments.isActive, true)))
    .orderBy(asc(subjectName), asc(subjectEnrollments.id));
  const byStudent = new Map<number, ChildSubject[]>(studentIds.map((id) => [id, []]));
  for (const { studentId, teacherId, teacherName, enrolledAt, ...subject } of rows) {
    const teacher = { id: teacherId, name: teacherName };
    byStudent.get(studentId)?.push({ ...subject, teacher, enrolledAt: enrolledAt.toISOString() });
  }
  return byStudent;
}
