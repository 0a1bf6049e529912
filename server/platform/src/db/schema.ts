import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

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

/** One log-in of one person; ended by a log-out or by reuse of an old refresh token. */
export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    revokedAt: moment('revoked_at'),
  },
  (table) => [index('sessions_user').on(table.userId)],
);

/** Refresh tokens by their SHA-256; each is good once, and shortly after for the twin of a racing tab. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    hash: text().primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    usedAt: moment('used_at'),
  },
  (table) => [index('refresh_tokens_session').on(table.sessionId)],
);

/** Names this database, in one row: copies and backups keep the name, databases made anew get another one. */
export const databaseIdentity = pgTable(
  'database_identity',
  {
    isOnly: boolean('is_only').primaryKey().default(true),
    id: uuid().notNull().defaultRandom(),
  },
  (table) => [check('database_identity_one_row', sql`${table.isOnly}`)],
);
