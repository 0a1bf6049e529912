import type { ChildSubject, ParentChild, ParentDashboard, PersonName } from '@querycast/platform-protocol';
import { asc, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { studentProfiles, subjectEnrollments, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';
import { listEnrolledSubjects } from './enrolled-subjects.js';

const tutors = alias(users, 'tutors');

/** `GET /api/parent/dashboard`, in two statements whatever the number of children. */
export async function readParentDashboard(db: Database, parent: PersonName): Promise<ParentDashboard> {
  const rows = await selectChildren(db, parent.id);
  const subjectsByChild = await listEnrolledSubjects(
    db,
    rows.map(({ id }) => id),
  );
  const children = rows.map(({ subjects: _, ...child }) => ({
    ...child,
    subjects: subjectsByChild.get(child.id) ?? [],
  }));
  const subjects = children.reduce((sum, child) => sum + child.subjects.length, 0);
  return { parent, children, statistics: { children: children.length, subjects } };
}

/** `GET /api/parent/children`, in one statement. */
export async function readParentChildren(db: Database, parentId: number): Promise<ParentChild[]> {
  return selectChildren(db, parentId);
}

/** `GET /api/parent/children/:childId/subjects`, in one statement. The caller has checked whose child it is. */
export async function readChildSubjects(db: Database, childId: number): Promise<ChildSubject[]> {
  return (await listEnrolledSubjects(db, [childId])).get(childId) ?? [];
}

async function selectChildren(db: Database, parentId: number): Promise<ParentChild[]> {
  const subjects = sql<number>`(SELECT count(*)::int FROM ${subjectEnrollments}
    WHERE ${subjectEnrollments.studentId} = ${studentProfiles.userId} AND ${subjectEnrollments.isActive})`;
  const rows = await db
    .select({
      id: users.id,
      name: fullName(),
      grade: studentProfiles.grade,
      goal: studentProfiles.goal,
      tutorId: tutors.id,
      tutorName: fullName(tutors),
      subjects,
    })
    .from(studentProfiles)
    .innerJoin(users, eq(users.id, studentProfiles.userId))
    .leftJoin(tutors, eq(tutors.id, studentProfiles.tutorId))
    .where(eq(studentProfiles.parentId, parentId))
    .orderBy(asc(users.firstName), asc(users.id));
  return rows.map(({ tutorId, tutorName, ...child }) => ({
    ...child,
    tutor: tutorId === null ? null : { id: tutorId, name: tutorName },
  }));
}
