import { platformKeys } from '@querycast/platform-protocol';
import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { differs, imagesOf, rowChanges } from '../audience/row-images.js';
import { staleFor, tell } from '../audience/told.js';

const report = z.object({
  student_id: z.int(),
  week_start_date: z.string(),
  summary: z.string(),
  status: z.enum(['draft', 'sent', 'read']),
  sent_at: z.string().nullable(),
});
const tutorReport = report.extend({ tutor_id: z.int(), parent_id: z.int().nullable() });
const teacherReport = report.extend({ teacher_id: z.int(), tutor_id: z.int().nullable() });
const studentReport = z.object({
  student_id: z.int(),
  teacher_id: z.int(),
  parent_id: z.int().nullable(),
  title: z.string(),
  content: z.string(),
  status: z.enum(['draft', 'sent']),
  sent_at: z.string().nullable(),
});

/** A tutor's weekly reports: the author, and the parent to whom one is sent before or after. */
export const tutorWeeklyReportSignal: Signal = (changes, pool) =>
  staleFor(
    pool,
    rowChanges(tutorReport, changes).flatMap((change) =>
      imagesOf(change).flatMap(({ tutor_id, parent_id, status }) => [
        ...tell('tutor', tutor_id, platformKeys.tutorWeeklyReports()),
        ...(isShown(status)
          ? tell(
              'parent',
              parent_id,
              platformKeys.tutorWeeklyReports(),
              // Dashboards show no dates of the week.
              ...(differs(change, 'summary', 'status', 'sent_at', 'parent_id', 'student_id', 'tutor_id')
                ? [platformKeys.parentDashboard()]
                : []),
            )
          : []),
      ]),
    ),
  );

/** A teacher's weekly reports: the author, and the tutor to whom one is sent before or after; no parent. */
export const teacherWeeklyReportSignal: Signal = (changes, pool) =>
  staleFor(
    pool,
    rowChanges(teacherReport, changes).flatMap((change) =>
      imagesOf(change).flatMap(({ teacher_id, tutor_id, status }) => [
        ...tell('teacher', teacher_id, platformKeys.teacherWeeklyReports()),
        ...(isShown(status) ? tell('tutor', tutor_id, platformKeys.teacherWeeklyReports()) : []),
      ]),
    ),
  );

/** Reports on students: the author, and the parent to whom one is sent before or after. */
export const studentReportSignal: Signal = (changes, pool) =>
  staleFor(
    pool,
    rowChanges(studentReport, changes).flatMap((change) =>
      imagesOf(change).flatMap(({ student_id, teacher_id, parent_id, status }) => [
        ...tell('teacher', teacher_id, platformKeys.studentReports(student_id)),
        ...(isShown(status)
          ? tell(
              'parent',
              parent_id,
              platformKeys.studentReports(student_id),
              // Dashboards show the title, not the content.
              ...(differs(change, 'title', 'status', 'sent_at', 'parent_id', 'student_id', 'teacher_id')
                ? [platformKeys.parentDashboard()]
                : []),
            )
          : []),
      ]),
    ),
  );

/** Whoever a draft would be sent to knows nothing of it; it may be sent to somebody else in the end. */
function isShown(status: 'draft' | 'sent' | 'read'): boolean {
  return status !== 'draft';
}
