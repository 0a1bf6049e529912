import type { ReceivedStudyPlan, StudyPlanSummary, TeacherStudyPlan } from '@querycast/platform-protocol';
import { and, desc, eq, lte, ne, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { studyPlans, subjects, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';
import { dated } from './dated.js';
import { grouped } from './grouped.js';
import type { StudentSet } from './student-sets.js';

const teachers = alias(users, 'teachers');
const students = alias(users, 'students');

/** How many plans of each child a dashboard shows. */
const NEWEST_OF_STUDENT = 3;
/** How many plans the dashboard of a teacher shows. */
const NEWEST_OF_TEACHER = 5;

const summary = {
  id: studyPlans.id,
  title: studyPlans.title,
  subject: { id: subjects.id, name: subjects.name, color: subjects.color },
  weekStartDate: studyPlans.weekStartDate,
  weekEndDate: studyPlans.weekEndDate,
  status: studyPlans.status,
  sentAt: studyPlans.sentAt,
};

const whole = {
  ...summary,
  studentId: studyPlans.studentId,
  subjectId: studyPlans.subjectId,
  content: studyPlans.content,
};

/** Drafts are their teacher's alone. */
const received = ne(studyPlans.status, 'draft');

/** The plans a student was sent, newest first, in one statement. */
export async function readReceivedPlans(db: Database, studentId: number): Promise<ReceivedStudyPlan[]> {
  const rows = await db
    .select({ ...whole, teacher: { id: teachers.id, name: fullName(teachers) } })
    .from(studyPlans)
    .innerJoin(subjects, eq(subjects.id, studyPlans.subjectId))
    .innerJoin(teachers, eq(teachers.id, studyPlans.teacherId))
    .where(and(eq(studyPlans.studentId, studentId), received))
    .orderBy(desc(studyPlans.sentAt), desc(studyPlans.id));
  return rows.map(dated);
}

/** The plans a teacher wrote, newest week first, in one statement. */
export async function readTeacherPlans(db: Database, teacherId: number): Promise<TeacherStudyPlan[]> {
  const rows = await db
    .select({ ...whole, student: { id: students.id, name: fullName(students) } })
    .from(studyPlans)
    .innerJoin(subjects, eq(subjects.id, studyPlans.subjectId))
    .innerJoin(students, eq(students.id, studyPlans.studentId))
    .where(eq(studyPlans.teacherId, teacherId))
    .orderBy(desc(studyPlans.weekStartDate), desc(studyPlans.id));
  return rows.map(dated);
}

/** The newest received plans of each student, by student, in one statement. */
export async function listNewestPlans(db: Database, of: StudentSet): Promise<ReadonlyMap<number, StudyPlanSummary[]>> {
  const ranked = db
    .select({
      planId: sql<number>`${studyPlans.id}`.as('plan_id'),
      rank: sql<number>`row_number() OVER (PARTITION BY ${studyPlans.studentId}
        ORDER BY ${studyPlans.sentAt} DESC, ${studyPlans.id} DESC)`.as('rank'),
    })
    .from(studyPlans)
    .where(and(of(studyPlans.studentId), received))
    .as('ranked');
  const rows = await db
    .select({ ...summary, studentId: studyPlans.studentId })
    .from(studyPlans)
    .innerJoin(ranked, and(eq(ranked.planId, studyPlans.id), lte(ranked.rank, NEWEST_OF_STUDENT)))
    .innerJoin(subjects, eq(subjects.id, studyPlans.subjectId))
    .orderBy(desc(studyPlans.sentAt), desc(studyPlans.id));
  return grouped(rows, ({ studentId, ...plan }) => [studentId, dated(plan)]);
}

/** The newest plans of a teacher, in one statement. */
export async function listTeachersNewestPlans(db: Database, teacherId: number) {
  const rows = await db
    .select({ ...summary, student: { id: students.id, name: fullName(students) } })
    .from(studyPlans)
    .innerJoin(subjects, eq(subjects.id, studyPlans.subjectId))
    .innerJoin(students, eq(students.id, studyPlans.studentId))
    .where(eq(studyPlans.teacherId, teacherId))
    .orderBy(desc(studyPlans.id))
    .limit(NEWEST_OF_TEACHER);
  return rows.map(dated);
}

/** How many plans have this status, in one statement. */
export async function countPlans(db: Database, status: 'draft' | 'sent', where: SQL): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(studyPlans)
    .where(and(eq(studyPlans.status, status), where));
  return row?.count ?? 0;
}
