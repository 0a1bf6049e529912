import type { PersonName, StudentDashboard } from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
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
export async function readStudentDashboard(db: Database, student: PersonName): Promise<StudentDashboard> {
  const of = oneStudent(student.id);
  const [[profile], enrolled, totalsByStudent, openMaterials, plans] = await Promise.all([
    db
      .select({
        grade: studentProfiles.grade,
        goal: studentProfiles.goal,
        tutor: { id: tutors.id, name: fullName(tutors) },
      })
      .from(studentProfiles)
      .leftJoin(tutors, eq(tutors.id, studentProfiles.tutorId))
      .where(eq(studentProfiles.userId, student.id)),
    listEnrolledSubjects(db, of),
    listTotals(db, of),
    listOpenMaterials(db, student.id),
    listNewestPlans(db, of),
  ]);
  const totals = totalsByStudent.get(student.id) ?? [];
  return {
    student: { id: student.id, name: student.name },
    ...(profile ?? { grade: 0, goal: '', tutor: null }),
    ...progressOf(totals),
    subjects: withProgress(enrolled.get(student.id) ?? [], totals),
    openMaterials,
    studyPlans: plans.get(student.id) ?? [],
  };
}
