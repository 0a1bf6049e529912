import { PageHead } from '../app/PageHead.js';

/** What a tutor writes to parents each week, and what teachers write to the tutor. */
export function TutorWeeklyReportsPage() {
  return <PageHead title="Weekly reports" />;
}
