import type { ChildSubject, ParentChild, ParentDashboard } from '@querycast/platform-protocol';
import { asc, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { studentProfiles, studyPlans, subjectEnrollments, users } from '../db/schema.js';
import { fullName, readPersonName } from '../people/people-queries.js';
import { listEnrolledSubjects } from './enrolled-subjects.js';
import { listNewestReports } from './newest-reports.js';
import { withProgress } from './progress-reads.js';
import { childrenOf, oneStudent } from './student-sets.js';
import { averageOf, listTotals, progressOf } from './student-totals.js';
import { countPlans, listNewestPlans } from './study-plan-reads.js';

const tutors = alias(users, 'tutors');

/** `GET /api/parent/dashboard`, in seven statements whatever the number of children. */
export async function readParentDashboard(db: Database, parentId: number): Promise<ParentDashboard> {
  const of = childrenOf(parentId);
  const [parent, rows, enrolled, totals, plans, reports, sentPlans] = await Promise.all([
    readPersonName(db, parentId),
    readParentChildren(db, parentId),
    listEnrolledSubjects(db, of),
    listTotals(db, of),
    listNewestPlans(db, of),
    listNewestReports(db, parentId),
    countPlans(db, 'sent', of(studyPlans.studentId)),
  ]);
  const children = rows.map(({ isActive: _, ...child }) => ({
    ...child,
    ...progressOf(totals.get(child.id) ?? []),
    subjects: withProgress(enrolled.get(child.id) ?? [], totals.get(child.id) ?? []),
    studyPlans: plans.get(child.id) ?? [],
    reports: reports.get(child.id) ?? [],
  }));
  return {
    parent,
    children,
    statistics: {
      children: children.length,
      averageProgress: averageOf(children.map(({ progress }) => progress)),
      subjects: children.reduce((sum, child) => sum + child.subjects.length, 0),
      studyPlans: sentPlans,
    },
  };
}

/** `GET /api/parent/children`, in one statement. */
export async function readParentChildren(db: Database, parentId: number): Promise<ParentChild[]> {
  const subjects = sql<number>`(SELECT count(*)::int FROM ${subjectEnrollments}
    WHERE ${subjectEnrollments.studentId} = ${studentProfiles.userId} AND ${subjectEnrollments.isActive})`;
  return db
    .select({
      id: users.id,
      name: fullName(),
      grade: studentProfiles.grade,
      goal: studentProfiles.goal,
      isActive: users.isActive,
      tutor: { id: tutors.id, name: fullName(tutors) },
      subjects,
    })
    .from(studentProfiles)
    .innerJoin(users, eq(users.id, studentProfiles.userId))
    .leftJoin(tutors, eq(tutors.id, studentProfiles.tutorId))
    .where(eq(studentProfiles.parentId, parentId))
    .orderBy(asc(users.firstName), asc(users.id));
}

/** `GET /api/parent/children/:childId/subjects`, in one statement. The caller has checked whose child it is. */
export async function readChildSubjects(db: Database, childId: number): Promise<ChildSubject[]> {
  return (await listEnrolledSubjects(db, oneStudent(childId))).get(childId) ?? [];
}
