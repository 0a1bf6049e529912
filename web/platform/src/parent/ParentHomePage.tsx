import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { parentDashboardQuery } from '../api/queries.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { News } from '../live/News.js';
import { Children } from './Children.js';
import { ChildrenSkeleton } from './ChildrenSkeleton.js';
import { dashboardNews } from './news.js';
import { Statistics } from './Statistics.js';
import { SubjectNews } from './SubjectNews.js';

/** A parent's dashboard. */
export function ParentHomePage() {
  const query = useQuery(parentDashboardQuery(useApi()));
  const { data, isPending } = query;
  return (
    <>
      <PageHead title="Your children">{(data || isPending) && <Statistics statistics={data?.statistics} />}</PageHead>
      {data && <SubjectNews shown={data.children} />}
      {data && <News shown={dashboardNews(data.children)} newestOnly />}
      <QueryState query={query} skeleton={<ChildrenSkeleton />}>
        {(dashboard) => <Children dashboard={dashboard} linked />}
      </QueryState>
    </>
  );
}
