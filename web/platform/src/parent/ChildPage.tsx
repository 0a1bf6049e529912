import { Link, useParams } from '@tanstack/react-router';
import { BackLink } from '../app/BackLink.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { ChildDetails } from './ChildDetails.js';
import { ChildSkeleton } from './ChildSkeleton.js';
import { useChildQueries } from './use-child-queries.js';

/** One child of the parent who is logged in. */
export function ChildPage() {
  const { childId } = useParams({ from: '/signed-in/children/$childId' });
  const id = Number(childId);
  // Keyed, so that going from child to child is not taken for a change of everything shown.
  return Number.isSafeInteger(id) && id > 0 ? <KnownChildPage key={id} childId={id} /> : <UnknownChild />;
}

function KnownChildPage({ childId }: { childId: number }) {
  const queries = useChildQueries(childId);
  return (
    <>
      <BackLink to="/">Your children</BackLink>
      <QueryState query={queries.children} skeleton={<ChildSkeleton />}>
        {(children) => {
          const child = children.find((candidate) => candidate.id === childId);
          return child ? <ChildDetails child={child} queries={queries} /> : <UnknownChild />;
        }}
      </QueryState>
    </>
  );
}

function UnknownChild() {
  return (
    <>
      <PageHead title="Not found" />
      <p>
        You have no child at this address. <Link to="/">See your children</Link>
      </p>
    </>
  );
}
