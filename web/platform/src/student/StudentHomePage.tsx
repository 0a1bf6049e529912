import { PageHead } from '../app/PageHead.js';

/** A student's own dashboard. */
export function StudentHomePage() {
  return <PageHead title="Overview" />;
}
