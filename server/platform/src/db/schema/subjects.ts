import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment } from './moment.js';
import { users } from './people.js';

/** What is taught. */
export const subjects = pgTable(
  'subjects',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    name: text().notNull(),
    color: text().notNull(),
    description: text().notNull().default(''),
  },
  (table) => [
    uniqueIndex('subjects_name_unique').on(table.name),
    check('subjects_color_hex', sql`${table.color} ~ '^#[0-9a-f]{6}$'`),
  ],
);

/** Who teaches what. */
export const teacherSubjects = pgTable(
  'teacher_subjects',
  {
    teacherId: integer('teacher_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    subjectId: integer('subject_id')
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.teacherId, table.subjectId] }),
    index('teacher_subjects_subject').on(table.subjectId),
  ],
);

/** Which student learns what with whom. Ending it is soft: the row stays and can be taken up again. */
export const subjectEnrollments = pgTable(
  'subject_enrollments',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    studentId: integer('student_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    subjectId: integer('subject_id')
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    teacherId: integer('teacher_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    assignedBy: integer('assigned_by').references(() => users.id, { onDelete: 'set null' }),
    customSubjectName: text('custom_subject_name'),
    isActive: boolean('is_active').notNull().default(true),
    enrolledAt: moment('enrolled_at').notNull().defaultNow(),
  },
  (table) => [
    unique('subject_enrollments_once').on(table.studentId, table.subjectId, table.teacherId),
    index('subject_enrollments_teacher').on(table.teacherId),
    index('subject_enrollments_subject').on(table.subjectId),
  ],
);
