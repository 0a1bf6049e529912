import { PageHead } from '../app/PageHead.js';

/** A tutor's dashboard. */
export function TutorHomePage() {
  return <PageHead title="Overview" />;
}
