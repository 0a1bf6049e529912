import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './moment.js';
import { users } from './people.js';
import { subjects } from './subjects.js';

/** Something to work through, written by a teacher. */
export const materials = pgTable(
  'materials',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    authorId: integer('author_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    subjectId: integer('subject_id')
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    type: text({ enum: ['lesson', 'video', 'exercise', 'test'] }).notNull(),
    status: text({ enum: ['draft', 'active', 'archived'] })
      .notNull()
      .default('draft'),
  },
  (table) => [
    index('materials_author').on(table.authorId),
    index('materials_subject').on(table.subjectId),
    check('materials_type_known', sql`${table.type} IN ('lesson', 'video', 'exercise', 'test')`),
    check('materials_status_known', sql`${table.status} IN ('draft', 'active', 'archived')`),
  ],
);

/** Who is to work through what. A student sees it while the material is active. */
export const materialAssignments = pgTable(
  'material_assignments',
  {
    materialId: integer('material_id')
      .notNull()
      .references(() => materials.id, { onDelete: 'cascade' }),
    studentId: integer('student_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    assignedAt: moment('assigned_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.materialId, table.studentId] }),
    index('material_assignments_student').on(table.studentId),
  ],
);

/** How far a student has come; kept when the material is taken away, and there again when it comes back. */
export const materialProgress = pgTable(
  'material_progress',
  {
    studentId: integer('student_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    materialId: integer('material_id')
      .notNull()
      .references(() => materials.id, { onDelete: 'cascade' }),
    progressPercentage: integer('progress_percentage').notNull().default(0),
    /** Grows with every report of the student. */
    timeSpentMinutes: integer('time_spent_minutes').notNull().default(0),
    /** Stays once it is true. */
    isCompleted: boolean('is_completed').notNull().default(false),
    /**
     * When it first became true, and stays; a trigger of the database says it, whoever writes. `null` of what was never
     * completed, and of what was completed before moments were kept.
     */
    completedAt: moment('completed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.studentId, table.materialId] }),
    index('material_progress_material').on(table.materialId),
    check('material_progress_percentage_range', sql`${table.progressPercentage} BETWEEN 0 AND 100`),
    check('material_progress_time_range', sql`${table.timeSpentMinutes} >= 0`),
  ],
);
