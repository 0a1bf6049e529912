import type { CreateWeeklyReport, EditWeeklyReport } from '@querycast/platform-protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { Relation } from '../access/relations.js';
import { findTeacherWeekly, findTutorWeekly } from '../dashboards/report-reads.js';
import type { Database } from '../db/database.js';
import { teacherWeeklyReports, tutorWeeklyReports } from '../db/schema.js';

/** Parent and tutor of a student. */
interface Guardians {
  readonly parentId: number | null;
  readonly tutorId: number | null;
}

/** A kind of weekly report: who writes it about whom, and whom it is for. */
export interface WeeklyReportKind {
  /** What a student must be to the author. */
  readonly of: Relation;
  /** The constraint that allows one a week. */
  readonly onceConstraint: string;
  /** Which of those who look after the student it is for. */
  readonly addressee: keyof Guardians;
  insert(tx: Database, authorId: number, addresseeId: number | null, fields: CreateWeeklyReport): Promise<Id[]>;
  /** The draft of this author, locked until the transaction ends. */
  lockDraft(tx: Database, authorId: number, reportId: number): Promise<{ studentId: number }[]>;
  update(tx: Database, reportId: number, fields: EditWeeklyReport): Promise<unknown>;
  send(tx: Database, reportId: number, addresseeId: number): Promise<unknown>;
  /** As it is answered. */
  find(db: Database, reportId: number): Promise<object | undefined>;
}

interface Id {
  readonly id: number;
}

const SENT = { status: 'sent', sentAt: sql`now()` } as const;

/** A tutor's, for the parent. */
export const tutorWeekly: WeeklyReportKind = {
  of: 'tutee',
  onceConstraint: 'tutor_weekly_reports_once',
  addressee: 'parentId',
  insert: (tx, tutorId, parentId, fields) =>
    tx
      .insert(tutorWeeklyReports)
      .values({ ...fields, tutorId, parentId })
      .returning({ id: tutorWeeklyReports.id }),
  lockDraft: (tx, tutorId, reportId) =>
    tx
      .select({ studentId: tutorWeeklyReports.studentId })
      .from(tutorWeeklyReports)
      .where(
        and(
          eq(tutorWeeklyReports.id, reportId),
          eq(tutorWeeklyReports.tutorId, tutorId),
          eq(tutorWeeklyReports.status, 'draft'),
        ),
      )
      .for('update'),
  update: (tx, reportId, fields) =>
    tx.update(tutorWeeklyReports).set(fields).where(eq(tutorWeeklyReports.id, reportId)),
  send: (tx, reportId, parentId) =>
    tx
      .update(tutorWeeklyReports)
      .set({ ...SENT, parentId })
      .where(eq(tutorWeeklyReports.id, reportId)),
  find: findTutorWeekly,
};

/** A teacher's, for the tutor. */
export const teacherWeekly: WeeklyReportKind = {
  of: 'pupil',
  onceConstraint: 'teacher_weekly_reports_once',
  addressee: 'tutorId',
  insert: (tx, teacherId, tutorId, fields) =>
    tx
      .insert(teacherWeeklyReports)
      .values({ ...fields, teacherId, tutorId })
      .returning({ id: teacherWeeklyReports.id }),
  lockDraft: (tx, teacherId, reportId) =>
    tx
      .select({ studentId: teacherWeeklyReports.studentId })
      .from(teacherWeeklyReports)
      .where(
        and(
          eq(teacherWeeklyReports.id, reportId),
          eq(teacherWeeklyReports.teacherId, teacherId),
          eq(teacherWeeklyReports.status, 'draft'),
        ),
      )
      .for('update'),
  update: (tx, reportId, fields) =>
    tx.update(teacherWeeklyReports).set(fields).where(eq(teacherWeeklyReports.id, reportId)),
  send: (tx, reportId, tutorId) =>
    tx
      .update(teacherWeeklyReports)
      .set({ ...SENT, tutorId })
      .where(eq(teacherWeeklyReports.id, reportId)),
  find: findTeacherWeekly,
};
