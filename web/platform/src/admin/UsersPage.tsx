import { PageHead } from '../app/PageHead.js';

/** Everybody's accounts. */
export function UsersPage() {
  return <PageHead title="Users" />;
}
