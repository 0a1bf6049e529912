import type { CapturedTable } from '@querycast/server/postgres';

/** The tables whose changes are announced, each with the columns that some read shows, and those that say to whom. */
export const capturedTables = [
  { table: 'users', key: ['id'], columns: ['role', 'first_name', 'last_name', 'is_active'] },
  { table: 'student_profiles', key: ['user_id'], columns: ['parent_id', 'tutor_id', 'grade', 'goal'] },
  { table: 'subjects', key: ['id'], columns: ['name', 'color'] },
  {
    table: 'subject_enrollments',
    key: ['id'],
    columns: ['student_id', 'subject_id', 'teacher_id', 'custom_subject_name', 'is_active', 'enrolled_at'],
  },
  {
    table: 'study_plans',
    key: ['id'],
    columns: ['teacher_id', 'student_id', 'subject_id', 'title', 'content', 'week_start_date', 'status', 'sent_at'],
  },
  { table: 'materials', key: ['id'], columns: ['author_id', 'subject_id', 'title', 'type', 'status'] },
  { table: 'material_assignments', key: ['material_id', 'student_id'], columns: ['assigned_at'] },
  {
    table: 'material_progress',
    key: ['student_id', 'material_id'],
    columns: ['progress_percentage', 'time_spent_minutes', 'is_completed', 'completed_at'],
  },
  {
    table: 'tutor_weekly_reports',
    key: ['id'],
    columns: ['tutor_id', 'parent_id', 'student_id', 'week_start_date', 'summary', 'status', 'sent_at'],
  },
  {
    table: 'teacher_weekly_reports',
    key: ['id'],
    columns: ['teacher_id', 'tutor_id', 'student_id', 'week_start_date', 'summary', 'status', 'sent_at'],
  },
  {
    table: 'student_reports',
    key: ['id'],
    columns: ['teacher_id', 'parent_id', 'student_id', 'title', 'content', 'status', 'sent_at'],
  },
] as const satisfies readonly CapturedTable[];

/** Raised whenever the tables above change; a node never replaces what one with a higher version captures. */
export const CAPTURE_VERSION = 3;
