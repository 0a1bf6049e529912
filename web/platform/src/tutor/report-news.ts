import type { TeacherWeeklyReport, TutorWeeklyReport } from '@querycast/platform-protocol';
import type { Shown } from '../live/change-marks.js';
import { titleOf } from './weekly-report.js';

/** A sentence about each report of a tutor, in which a parent's reading shows. */
export function ownReportNews(reports: readonly TutorWeeklyReport[]): Shown[] {
  return reports.map((report) => {
    const state = report.status === 'read' ? `read by ${report.parent?.name ?? 'the parent'}` : report.status;
    return [`own ${report.id}`, `report on ${titleOf(report)}, ${state}`];
  });
}

/** A sentence about each report of a teacher. */
export function receivedReportNews(reports: readonly TeacherWeeklyReport[]): Shown[] {
  return reports.map((report) => [`received ${report.id}`, `report of ${report.teacher.name} on ${titleOf(report)}`]);
}
