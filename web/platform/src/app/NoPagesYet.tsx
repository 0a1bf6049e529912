import type { Role } from '@querycast/platform-protocol';
import { IconBook2 } from '@tabler/icons-react';
import { EmptyState } from './EmptyState.js';
import { PageHead } from './PageHead.js';

/** The home page of a role that has no pages of its own yet. */
export function NoPagesYet({ role }: { role: Role }) {
  return (
    <>
      <PageHead title="Welcome" />
      <EmptyState
        title={`There are no pages for ${role === 'admin' ? 'an admin' : `a ${role}`} yet`}
        icon={<IconBook2 size={30} stroke={1.5} />}
      >
        You are logged in. Parents see their children here, tutors assign subjects to their students.
      </EmptyState>
    </>
  );
}
