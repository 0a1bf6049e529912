import { PageHead } from '../app/PageHead.js';

/** The study plans a student got. */
export function StudentPlansPage() {
  return <PageHead title="Study plans" />;
}
