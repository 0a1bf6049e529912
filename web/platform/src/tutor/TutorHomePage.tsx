import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { tutorDashboardQuery } from '../api/queries.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { News } from '../live/News.js';
import { overviewNews } from './overview-news.js';
import { StudentOverview } from './StudentOverview.js';
import { TutorStatistics } from './TutorStatistics.js';

/** A tutor's dashboard. */
export function TutorHomePage() {
  const query = useQuery(tutorDashboardQuery(useApi()));
  return (
    <>
      <PageHead title="Overview" intro="How your students are getting on." />
      {query.data && <News shown={overviewNews(query.data.students)} />}
      <QueryState query={query} skeleton={<OverviewSkeleton />}>
        {({ statistics, students }) => (
          <>
            <TutorStatistics statistics={statistics} />
            <StudentOverview students={students} />
          </>
        )}
      </QueryState>
    </>
  );
}

function OverviewSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={112} radius="lg" mb={20} />
      <Skeleton height={280} radius="lg" />
    </div>
  );
}
