import { PageHead } from '../app/PageHead.js';

/** The study plans a teacher wrote. */
export function TeacherPlansPage() {
  return <PageHead title="Study plans" />;
}
