import { PageHead } from '../app/PageHead.js';

/** What tutors write to the parent each week. */
export function ParentWeeklyReportsPage() {
  return <PageHead title="Weekly reports" />;
}
