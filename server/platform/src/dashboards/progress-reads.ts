import type {
  ChildSubject,
  DashboardSubject,
  PersonName,
  StudentProgress,
  SubjectName,
} from '@querycast/platform-protocol';
import { asc, sql } from 'drizzle-orm';
import type { Database } from '../db/database.js';
import { materialAssignments, materials, subjectEnrollments, subjects } from '../db/schema.js';
import { listCompletedWeeks } from './completed-weeks.js';
import { listEnrolledSubjects } from './enrolled-subjects.js';
import { oneStudent } from './student-sets.js';
import { listTotals, progressOf, type SubjectTotals } from './student-totals.js';

/** The progress of one student by subject and by week, in four statements. */
export async function readStudentProgress(db: Database, studentId: number): Promise<StudentProgress> {
  const [subjectsOfStudent, totalsByStudent, weeks] = await Promise.all([
    listStudentSubjects(db, studentId),
    listTotals(db, oneStudent(studentId)),
    listCompletedWeeks(db, studentId),
  ]);
  const totals = totalsByStudent.get(studentId) ?? [];
  const timeOf = (some: readonly SubjectTotals[]) => some.reduce((sum, each) => sum + each.timeSpentMinutes, 0);
  return {
    ...progressOf(totals),
    timeSpentMinutes: timeOf(totals),
    subjects: subjectsOfStudent.map(({ id, name, color, teachers }) => {
      const own = totals.filter(({ subjectId }) => subjectId === id);
      return { subjectId: id, name, color, teachers, ...progressOf(own), timeSpentMinutes: timeOf(own) };
    }),
    weeks,
  };
}

/** Enrolled subjects with the progress in each. */
export function withProgress(enrolled: readonly ChildSubject[], totals: readonly SubjectTotals[]): DashboardSubject[] {
  return enrolled.map((subject) => ({
    ...subject,
    ...progressOf(totals.filter(({ subjectId }) => subjectId === subject.subjectId)),
  }));
}

/**
 * The subjects that a student is enrolled in or has materials of, with those who teach them to the student now, in two
 * statements. Under the name of the subject: one may be learned with two teachers, each under a name of its own.
 */
export async function listStudentSubjects(
  db: Database,
  studentId: number,
): Promise<(SubjectName & { teachers: PersonName[] })[]> {
  const [rows, enrolled] = await Promise.all([
    db
      .select({ id: subjects.id, name: subjects.name, color: subjects.color })
      .from(subjects)
      .where(sql`${subjects.id} IN (
        SELECT ${subjectEnrollments.subjectId} FROM ${subjectEnrollments}
          WHERE ${subjectEnrollments.studentId} = ${studentId} AND ${subjectEnrollments.isActive}
        UNION ALL SELECT ${materials.subjectId} FROM ${materialAssignments}
          JOIN ${materials} ON ${materials.id} = ${materialAssignments.materialId} AND ${materials.status} = 'active'
          WHERE ${materialAssignments.studentId} = ${studentId})`)
      .orderBy(asc(subjects.name)),
    listEnrolledSubjects(db, oneStudent(studentId)),
  ]);
  // Not by the names that students may have for their lessons, which are not shown here.
  const lessons = (enrolled.get(studentId) ?? []).toSorted((a, b) => a.enrollmentId - b.enrollmentId);
  return rows.map((subject) => ({
    ...subject,
    teachers: lessons.filter(({ subjectId }) => subjectId === subject.id).map(({ teacher }) => teacher),
  }));
}
