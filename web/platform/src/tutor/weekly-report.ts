import type { PersonName, TutorStudent, TutorWeeklyReport } from '@querycast/platform-protocol';
import { formatDate } from '../app/dates.js';

/** The form of a weekly report. A type: an interface is no record of fields. */
export type WeeklyReportValues = {
  studentId: string;
  weekStartDate: string;
  summary: string;
};

/** What a report is called: there is one for each student and week. */
export function titleOf({ student, weekStartDate }: { student: PersonName; weekStartDate: string }): string {
  return `${student.name}, week of ${formatDate(weekStartDate)}`;
}

/**
 * Whom a report is for. A draft is sent to whoever is the student's parent then, which may be another one than when it
 * was written; `undefined` while the students are not known.
 */
export function addresseeOf(
  report: TutorWeeklyReport,
  students: readonly TutorStudent[] | undefined,
): PersonName | null | undefined {
  if (report.status !== 'draft') return report.parent;
  if (!students) return undefined;
  return students.find(({ id }) => id === report.student.id)?.parent ?? null;
}
