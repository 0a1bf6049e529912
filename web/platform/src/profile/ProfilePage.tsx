import { PageHead } from '../app/PageHead.js';

/** The own name. */
export function ProfilePage() {
  return <PageHead title="Your profile" />;
}
