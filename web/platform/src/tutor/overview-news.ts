import type { TutorDashboard } from '@querycast/platform-protocol';
import type { Shown } from '../live/change-marks.js';

/** A sentence about each student of the dashboard. */
export function overviewNews(students: TutorDashboard['students']): Shown[] {
  return students.map(({ id, name, grade, progress, subjects }) => [
    String(id),
    `${name}, grade ${grade}, ${subjectsText(subjects)}, progress ${progress} %`,
  ]);
}

/** How many subjects somebody has, in words. */
export function subjectsText(subjects: number): string {
  if (subjects === 0) return 'no subjects yet';
  return subjects === 1 ? '1 subject' : `${subjects} subjects`;
}
