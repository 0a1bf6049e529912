import type { TeacherWeeklyReport } from '@querycast/platform-protocol';
import { weekFrom } from '../../app/weeks.js';

/** What a weekly report is called: there is one on each student for a week. */
export function weeklyTitle({ student, weekStartDate }: TeacherWeeklyReport): string {
  return `${student.name}, ${weekFrom(weekStartDate)}`;
}
