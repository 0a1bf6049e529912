import type { CapturedTable } from '@querycast/server/postgres';

/** The tables whose changes are announced, each with the columns that some read shows. */
export const capturedTables = [
  { table: 'student_profiles', key: ['user_id'], columns: ['parent_id', 'tutor_id', 'grade', 'goal'] },
  {
    table: 'subject_enrollments',
    key: ['id'],
    columns: ['student_id', 'subject_id', 'teacher_id', 'custom_subject_name', 'is_active', 'enrolled_at'],
  },
] as const satisfies readonly CapturedTable[];

/** Raised whenever the tables above change; a node never replaces what one with a higher version captures. */
export const CAPTURE_VERSION = 1;
