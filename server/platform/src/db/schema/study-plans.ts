import { sql } from 'drizzle-orm';
import { check, date, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './moment.js';
import { users } from './people.js';
import { subjectEnrollments, subjects } from './subjects.js';

/** A week's plan of a teacher for a student: only from draft to sent to archived, and not edited once it is sent. */
export const studyPlans = pgTable(
  'study_plans',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    teacherId: integer('teacher_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    studentId: integer('student_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    subjectId: integer('subject_id')
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    enrollmentId: integer('enrollment_id').references(() => subjectEnrollments.id, { onDelete: 'set null' }),
    title: text().notNull(),
    content: text().notNull(),
    weekStartDate: date('week_start_date', { mode: 'string' }).notNull(),
    weekEndDate: date('week_end_date', { mode: 'string' }).notNull().generatedAlwaysAs(sql`week_start_date + 6`),
    status: text({ enum: ['draft', 'sent', 'archived'] })
      .notNull()
      .default('draft'),
    sentAt: moment('sent_at'),
  },
  (table) => [
    index('study_plans_student').on(table.studentId),
    index('study_plans_teacher').on(table.teacherId),
    index('study_plans_subject').on(table.subjectId),
    index('study_plans_enrollment').on(table.enrollmentId),
    check('study_plans_title_length', sql`length(${table.title}) >= 3`),
    check('study_plans_content_length', sql`length(${table.content}) >= 10`),
    check('study_plans_status_known', sql`${table.status} IN ('draft', 'sent', 'archived')`),
    check('study_plans_sent_at', sql`(${table.status} = 'draft') = (${table.sentAt} IS NULL)`),
  ],
);
