import type { StudentDashboard } from '@querycast/platform-protocol';
import { eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { studentProfiles, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';
import { listEnrolledSubjects } from './enrolled-subjects.js';
import { listOpenMaterials } from './material-reads.js';
import { withProgress } from './progress-reads.js';
import { oneStudent } from './student-sets.js';
import { listTotals, progressOf } from './student-totals.js';
import { listNewestPlans } from './study-plan-reads.js';

const tutors = alias(users, 'tutors');

/** `GET /api/student/dashboard`, in five statements. A student without a profile has grade 0 and no goal. */
export async function readStudentDashboard(db: Database, studentId: number): Promise<StudentDashboard> {
  const of = oneStudent(studentId);
  const [[profile], enrolled, totalsByStudent, openMaterials, plans] = await Promise.all([
    db
      .select({
        student: { id: users.id, name: fullName() },
        grade: sql<number>`coalesce(${studentProfiles.grade}, 0)`,
        goal: sql<string>`coalesce(${studentProfiles.goal}, '')`,
        tutor: { id: tutors.id, name: fullName(tutors) },
      })
      .from(users)
      .leftJoin(studentProfiles, eq(studentProfiles.userId, users.id))
      .leftJoin(tutors, eq(tutors.id, studentProfiles.tutorId))
      .where(eq(users.id, studentId)),
    listEnrolledSubjects(db, of),
    listTotals(db, of),
    listOpenMaterials(db, studentId),
    listNewestPlans(db, of),
  ]);
  if (!profile) throw new Error('there is no such person');
  const totals = totalsByStudent.get(studentId) ?? [];
  return {
    ...profile,
    ...progressOf(totals),
    subjects: withProgress(enrolled.get(studentId) ?? [], totals),
    openMaterials,
    studyPlans: plans.get(studentId) ?? [],
  };
}
