import { PageHead } from '../app/PageHead.js';

/** A teacher's dashboard. */
export function TeacherHomePage() {
  return <PageHead title="Overview" />;
}
