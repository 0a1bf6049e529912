import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { parentDashboardQuery } from '../api/queries.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { Children } from './Children.js';
import { ChildrenSkeleton } from './ChildrenSkeleton.js';
import { Statistics } from './Statistics.js';
import { SubjectNews } from './SubjectNews.js';

/** A parent's dashboard. */
export function ParentHomePage() {
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
