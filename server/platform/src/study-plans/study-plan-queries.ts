import type { EditStudyPlan, StudyPlan } from '@querycast/platform-protocol';
import { and, eq, sql } from 'drizzle-orm';
import { dated } from '../dashboards/dated.js';
import type { Database } from '../db/database.js';
import { studyPlans, subjectEnrollments } from '../db/schema.js';

const columns = {
  id: studyPlans.id,
  studentId: studyPlans.studentId,
  subjectId: studyPlans.subjectId,
  title: studyPlans.title,
  content: studyPlans.content,
  weekStartDate: studyPlans.weekStartDate,
  weekEndDate: studyPlans.weekEndDate,
  status: studyPlans.status,
  sentAt: studyPlans.sentAt,
};

/** What a plan is made of. */
export interface NewStudyPlan {
  readonly teacherId: number;
  readonly studentId: number;
  readonly subjectId: number;
  readonly enrollmentId: number;
  readonly title: string;
  readonly content: string;
  readonly weekStartDate: string;
  readonly status: 'draft' | 'sent';
}

/** Writes a plan, as a draft or as sent now. */
export async function insertPlan(db: Database, plan: NewStudyPlan): Promise<StudyPlan> {
  const sentAt = plan.status === 'sent' ? sql`now()` : null;
  const [row] = await db
    .insert(studyPlans)
    .values({ ...plan, sentAt })
    .returning(columns);
  if (!row) throw new Error('an insert returned no row');
  return dated(row);
}

/** Edits a plan that the caller has locked as a draft, and sends it with `status`. */
export async function editDraft(
  tx: Database,
  planId: number,
  { status, ...fields }: Omit<EditStudyPlan, 'status'> & { readonly status?: 'sent'; readonly enrollmentId?: number },
): Promise<StudyPlan> {
  const set = { ...fields, ...(status && { status, sentAt: sql`now()` }) };
  const [row] = await tx.update(studyPlans).set(set).where(eq(studyPlans.id, planId)).returning(columns);
  if (!row) throw new Error('an update returned no row');
  return dated(row);
}

/** Archives a plan of this teacher that was sent; `undefined` when it was not, or is archived already. */
export async function archivePlan(db: Database, teacherId: number, planId: number): Promise<StudyPlan | undefined> {
  const [row] = await db
    .update(studyPlans)
    .set({ status: 'archived' })
    .where(and(eq(studyPlans.id, planId), eq(studyPlans.teacherId, teacherId), eq(studyPlans.status, 'sent')))
    .returning(columns);
  return row && dated(row);
}

/** Deletes a plan of this teacher; answers whose it was, and how far it had come. */
export async function deletePlan(db: Database, teacherId: number, planId: number) {
  const [row] = await db
    .delete(studyPlans)
    .where(and(eq(studyPlans.id, planId), eq(studyPlans.teacherId, teacherId)))
    .returning({ studentId: studyPlans.studentId, status: studyPlans.status });
  return row;
}

/** Whom a plan of this teacher is for, about what, and how far it has come; locked until the transaction ends. */
export async function lockPlan(tx: Database, teacherId: number, planId: number) {
  const [row] = await selectPlan(tx, teacherId, planId).for('no key update');
  return row;
}

/** The same, unlocked. */
export async function findPlan(db: Database, teacherId: number, planId: number) {
  const [row] = await selectPlan(db, teacherId, planId);
  return row;
}

function selectPlan(db: Database, teacherId: number, planId: number) {
  return db
    .select({ studentId: studyPlans.studentId, subjectId: studyPlans.subjectId, status: studyPlans.status })
    .from(studyPlans)
    .where(and(eq(studyPlans.id, planId), eq(studyPlans.teacherId, teacherId)));
}

/** The active enrollment that lets a teacher plan this subject for a student; held until the transaction ends. */
export async function holdEnrollment(tx: Database, teacherId: number, studentId: number, subjectId: number) {
  const table = subjectEnrollments;
  const [row] = await tx
    .select({ id: table.id })
    .from(table)
    .where(
      and(
        eq(table.teacherId, teacherId),
        eq(table.studentId, studentId),
        eq(table.subjectId, subjectId),
        eq(table.isActive, true),
      ),
    )
    .for('share');
  return row;
}
