import { sql } from 'drizzle-orm';
import { check, date, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { moment } from './moment.js';
import { users } from './people.js';

/** A week of a student, told by the tutor to the parent it is sent to. */
export const tutorWeeklyReports = pgTable(
  'tutor_weekly_reports',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    tutorId: integer('tutor_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Whoever was the student's parent when it was written, or sent. */
    parentId: integer('parent_id').references(() => users.id, { onDelete: 'set null' }),
    studentId: integer('student_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    weekStartDate: date('week_start_date', { mode: 'string' }).notNull(),
    summary: text().notNull(),
    status: text({ enum: ['draft', 'sent', 'read'] })
      .notNull()
      .default('draft'),
    sentAt: moment('sent_at'),
  },
  (table) => [
    unique('tutor_weekly_reports_once').on(table.tutorId, table.studentId, table.weekStartDate),
    index('tutor_weekly_reports_parent').on(table.parentId),
    index('tutor_weekly_reports_student').on(table.studentId),
    check('tutor_weekly_reports_status_known', sql`${table.status} IN ('draft', 'sent', 'read')`),
    check('tutor_weekly_reports_sent_at', sql`(${table.status} = 'draft') = (${table.sentAt} IS NULL)`),
  ],
);

/** A week of a student, told by a teacher to the tutor it is sent to. Parents never see it. */
export const teacherWeeklyReports = pgTable(
  'teacher_weekly_reports',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    teacherId: integer('teacher_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Whoever was the student's tutor when it was written, or sent. */
    tutorId: integer('tutor_id').references(() => users.id, { onDelete: 'set null' }),
    studentId: integer('student_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    weekStartDate: date('week_start_date', { mode: 'string' }).notNull(),
    summary: text().notNull(),
    status: text({ enum: ['draft', 'sent'] })
      .notNull()
      .default('draft'),
    sentAt: moment('sent_at'),
  },
  (table) => [
    unique('teacher_weekly_reports_once').on(table.teacherId, table.studentId, table.weekStartDate),
    index('teacher_weekly_reports_tutor').on(table.tutorId),
    index('teacher_weekly_reports_student').on(table.studentId),
    check('teacher_weekly_reports_status_known', sql`${table.status} IN ('draft', 'sent')`),
    check('teacher_weekly_reports_sent_at', sql`(${table.status} = 'draft') = (${table.sentAt} IS NULL)`),
  ],
);

/** Something a teacher tells the parent it is sent to, about a student. */
export const studentReports = pgTable(
  'student_reports',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    teacherId: integer('teacher_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Whoever was the student's parent when it was written, or sent. */
    parentId: integer('parent_id').references(() => users.id, { onDelete: 'set null' }),
    studentId: integer('student_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    content: text().notNull(),
    status: text({ enum: ['draft', 'sent'] })
      .notNull()
      .default('draft'),
    sentAt: moment('sent_at'),
  },
  (table) => [
    index('student_reports_teacher').on(table.teacherId),
    index('student_reports_parent').on(table.parentId),
    index('student_reports_student').on(table.studentId),
    check('student_reports_status_known', sql`${table.status} IN ('draft', 'sent')`),
    check('student_reports_sent_at', sql`(${table.status} = 'draft') = (${table.sentAt} IS NULL)`),
  ],
);
