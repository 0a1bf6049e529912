import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';

/** People of every role. The e-mail is kept in lower case, so that one address is one person. */
export const users = pgTable(
  'users',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    email: text().notNull(),
    passwordHash: text('password_hash').notNull(),
    role: text({ enum: ['parent', 'student', 'teacher', 'tutor', 'admin'] }).notNull(),
    firstName: text('first_name').notNull(),
    lastName: text('last_name').notNull(),
    isActive: boolean('is_active').notNull().default(true),
  },
  (table) => [
    uniqueIndex('users_email_unique').on(table.email),
    check('users_email_lower_case', sql`${table.email} = lower(${table.email})`),
    check('users_role_known', sql`${table.role} IN ('parent', 'student', 'teacher', 'tutor', 'admin')`),
  ],
);

/** What is known of a student beyond the person: one parent and one tutor at most. */
export const studentProfiles = pgTable(
  'student_profiles',
  {
    userId: integer('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    parentId: integer('parent_id').references(() => users.id, { onDelete: 'set null' }),
    tutorId: integer('tutor_id').references(() => users.id, { onDelete: 'set null' }),
    grade: integer().notNull(),
    goal: text().notNull().default(''),
  },
  (table) => [
    index('student_profiles_parent').on(table.parentId),
    index('student_profiles_tutor').on(table.tutorId),
    check('student_profiles_grade_range', sql`${table.grade} BETWEEN 1 AND 12`),
  ],
);
