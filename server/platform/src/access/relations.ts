/** What a row must be to somebody, asked anew at every request: a cache must not outlive a right. */
import { and, eq, ne, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';
import { childrenOf } from '../dashboards/student-sets.js';
import type { Database } from '../db/database.js';
import {
  materialAssignments,
  materials,
  studentProfiles,
  studentReports,
  studyPlans,
  subjectEnrollments,
  teacherWeeklyReports,
  tutorWeeklyReports,
  users,
} from '../db/schema.js';
import { notFound } from '../http/errors.js';

interface RowsOf {
  readonly table: PgTable;
  /** The column that the id in a path is looked up in. */
  readonly id: AnyPgColumn;
  readonly where: (viewerId: number) => SQL | undefined;
}

const RELATIONS = {
  child: {
    table: studentProfiles,
    id: studentProfiles.userId,
    where: (parentId) => eq(studentProfiles.parentId, parentId),
  },
  tutee: {
    table: studentProfiles,
    id: studentProfiles.userId,
    where: (tutorId) => eq(studentProfiles.tutorId, tutorId),
  },
  /** Enrolled with this teacher now. */
  pupil: {
    table: subjectEnrollments,
    id: subjectEnrollments.studentId,
    where: (teacherId) => and(eq(subjectEnrollments.teacherId, teacherId), subjectEnrollments.isActive),
  },
  /** One that the student sees. */
  'assigned material': {
    table: materialAssignments,
    id: materialAssignments.materialId,
    where: (studentId) =>
      and(
        eq(materialAssignments.studentId, studentId),
        sql`EXISTS (SELECT FROM ${materials}
          WHERE ${materials.id} = ${materialAssignments.materialId} AND ${materials.status} = 'active')`,
      ),
  },
  'own plan': { table: studyPlans, id: studyPlans.id, where: (teacherId) => eq(studyPlans.teacherId, teacherId) },
  'own material': { table: materials, id: materials.id, where: (authorId) => eq(materials.authorId, authorId) },
  'own student report': {
    table: studentReports,
    id: studentReports.id,
    where: (teacherId) => eq(studentReports.teacherId, teacherId),
  },
  'own teacher report': {
    table: teacherWeeklyReports,
    id: teacherWeeklyReports.id,
    where: (teacherId) => eq(teacherWeeklyReports.teacherId, teacherId),
  },
  'own tutor report': {
    table: tutorWeeklyReports,
    id: tutorWeeklyReports.id,
    where: (tutorId) => eq(tutorWeeklyReports.tutorId, tutorId),
  },
  /** Sent to this parent, about whoever is their child now. */
  'received tutor report': {
    table: tutorWeeklyReports,
    id: tutorWeeklyReports.id,
    where: (parentId) =>
      and(
        eq(tutorWeeklyReports.parentId, parentId),
        ne(tutorWeeklyReports.status, 'draft'),
        childrenOf(parentId)(tutorWeeklyReports.studentId),
      ),
  },
  /** Anybody. */
  user: { table: users, id: users.id, where: () => undefined },
} as const satisfies Record<string, RowsOf>;

/** What the id in a path can be to the viewer. */
export type Relation = keyof typeof RELATIONS;

/** Whether the row is that to the viewer. */
export async function isRelated(db: Database, relation: Relation, viewerId: number, id: number): Promise<boolean> {
  return (await select(db, RELATIONS[relation], viewerId, id)).length > 0;
}

/** Rejects with a 404 unless the row is that to the viewer. */
export async function requireRelation(db: Database, relation: Relation, viewerId: number, id: number): Promise<void> {
  if (!(await isRelated(db, relation, viewerId, id))) throw notFound();
}

/**
 * Rejects with a 404 unless the row is that to the viewer, and keeps it so until the transaction ends: a student cannot
 * go to another tutor under the write.
 */
export async function holdRelation(tx: Database, relation: Relation, viewerId: number, id: number): Promise<void> {
  const rows = await select(tx, RELATIONS[relation], viewerId, id).for('share');
  if (rows.length === 0) throw notFound();
}

function select(db: Database, { table, id: column, where }: RowsOf, viewerId: number, id: number) {
  return db
    .select({ found: sql<number>`1` })
    .from(table)
    .where(and(eq(column, id), where(viewerId)))
    .limit(1);
}
