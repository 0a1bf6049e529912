import { PageHead } from '../app/PageHead.js';

/** What a teacher writes to tutors each week. */
export function TeacherWeeklyReportsPage() {
  return <PageHead title="Weekly reports" />;
}
