import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useApi } from '../api/api-context.js';
import { parentDashboardQuery } from '../api/queries.js';
import { homePath } from '../app/home-path.js';
import { NoPagesYet } from '../app/NoPagesYet.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { useSession } from '../session/session-context.js';
import { Children } from './Children.js';
import { ChildrenSkeleton } from './ChildrenSkeleton.js';
import { Statistics } from './Statistics.js';
import { SubjectNews } from './SubjectNews.js';

/** The home page: a parent's dashboard; others are sent to theirs. */
export function ParentHomePage() {
  const { user } = useSession();
  if (homePath(user.role) !== '/') return <Navigate to={homePath(user.role)} replace />;
  return user.role === 'parent' ? <ParentDashboardPage /> : <NoPagesYet role={user.role} />;
}

function ParentDashboardPage() {
  const query = useQuery(parentDashboardQuery(useApi()));
  return (
    <>
      <PageHead title="Your children">{query.data && <Statistics statistics={query.data.statistics} />}</PageHead>
      {query.data && <SubjectNews shown={query.data.children} />}
      <QueryState query={query} skeleton={<ChildrenSkeleton />}>
        {(dashboard) => <Children dashboard={dashboard} linked />}
      </QueryState>
    </>
  );
}
