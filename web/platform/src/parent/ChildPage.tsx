import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useApi } from '../api/api-context.js';
import { childSubjectsQuery, parentChildrenQuery } from '../api/queries.js';
import { NotFoundPage } from '../app/NotFoundPage.js';
import { QueryState } from '../app/QueryState.js';
import { BackLink } from './BackLink.js';
import { ChildDetails } from './ChildDetails.js';
import { ChildSkeleton } from './ChildSkeleton.js';

/** One child of the parent who is logged in. */
export function ChildPage() {
  const { childId } = useParams({ from: '/signed-in/children/$childId' });
  const id = Number(childId);
  return Number.isSafeInteger(id) && id > 0 ? <KnownChildPage childId={id} /> : <NotFoundPage />;
}

function KnownChildPage({ childId }: { childId: number }) {
  const api = useApi();
  const query = useQuery(parentChildrenQuery(api));
  // Asked for at once: neither list needs to wait for the other.
  const subjects = useQuery(childSubjectsQuery(api, childId));
  return (
    <>
      <BackLink />
      <QueryState query={query} skeleton={<ChildSkeleton />}>
        {(children) => {
          const child = children.find((candidate) => candidate.id === childId);
          return child ? <ChildDetails child={child} subjects={subjects} /> : <UnknownChild />;
        }}
      </QueryState>
    </>
  );
}

function UnknownChild() {
  return (
    <p>
      <title>Not found · Querycast</title>
      You have no child at this address. <Link to="/">See your children</Link>
    </p>
  );
}
