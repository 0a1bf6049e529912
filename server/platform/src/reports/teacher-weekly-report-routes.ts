import type { Handlers } from '../access/mount.js';
import type { WriteOptions } from '../access/write-options.js';
import { weeklyReportHandlers } from './weekly-report-handlers.js';
import { teacherWeekly } from './weekly-report-kind.js';

/** A teacher's weekly reports to tutors: write, edit and send. */
export function teacherWeeklyReportRoutes(options: WriteOptions) {
  const { create, edit, send } = weeklyReportHandlers(teacherWeekly, options);
  return {
    'POST /api/teacher-weekly-reports': create,
    'PATCH /api/teacher-weekly-reports/:reportId': edit,
    'POST /api/teacher-weekly-reports/:reportId/send': send,
  } satisfies Partial<Handlers>;
}
