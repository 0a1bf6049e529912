import type { EditWeeklyReport, PersonName, TutorStudent, TutorWeeklyReport } from '@querycast/platform-protocol';
import { formatDate } from '../app/dates.js';
import { textProblem } from '../forms/text-problem.js';

/** The form of a weekly report. A type: an interface is no record of fields. */
export type WeeklyReportValues = {
  studentId: string;
  weekStartDate: string;
  summary: string;
};

/** What is wrong with each field, by the rules of the server; `null` when nothing is. */
export const weeklyReportProblems = {
  studentId: (id: string) => (id === '' ? 'must be chosen' : null),
  weekStartDate(day: string) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return 'must be a date';
    return day < '2000-01-01' || day > '2099-12-31' ? 'must be a date of this century' : null;
  },
  summary: (text: string) => textProblem(text, { max: 10_000, lines: true }),
};

/** What differs from the beginning, and nothing else. */
export function changedReport(before: WeeklyReportValues, after: WeeklyReportValues): EditWeeklyReport {
  const { weekStartDate } = after;
  const summary = after.summary.trim();
  return {
    ...(weekStartDate === before.weekStartDate ? {} : { weekStartDate }),
    ...(summary === before.summary ? {} : { summary }),
  };
}

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
