import { IconUserQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../app/EmptyState.js';
import links from '../../app/links.module.css';
import { PageHead } from '../../app/PageHead.js';

/** Nobody is at this address, or somebody who does not learn with this teacher any more. */
export function UnknownStudent() {
  return (
    <div>
      <PageHead title="Not found" />
      <EmptyState title="No student of yours" icon={<IconUserQuestion size={30} stroke={1.5} />}>
        Whoever was here does not learn with you, or not any more.{' '}
        <Link to="/students" className={links.inline}>
          See your students
        </Link>
      </EmptyState>
    </div>
  );
}
