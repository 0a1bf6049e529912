import { PageHead } from '../app/PageHead.js';

/** A student's own progress. */
export function StudentProgressPage() {
  return <PageHead title="Progress" />;
}
