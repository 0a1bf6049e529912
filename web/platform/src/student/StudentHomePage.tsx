import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { studentDashboardQuery } from '../api/queries.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { News } from '../live/News.js';
import { useSession } from '../session/session-context.js';
import { HomeSubjects } from './HomeSubjects.js';
import classes from './home.module.css';
import { NewestPlans } from './NewestPlans.js';
import { OpenMaterials } from './OpenMaterials.js';
import { Summary } from './Summary.js';
import { dashboardNews } from './student-news.js';

/** A student's own dashboard. */
export function StudentHomePage() {
  const { user } = useSession();
  const query = useQuery(studentDashboardQuery(useApi()));
  return (
    <>
      <PageHead title={`Hello, ${firstName(query.data?.student.name ?? user.name)}`} />
      {query.data && <News shown={dashboardNews(query.data)} newestOnly />}
      <QueryState query={query} skeleton={<HomeSkeleton />}>
        {(dashboard) => (
          <div className={classes.page}>
            <div className={classes.wide}>
              <Summary dashboard={dashboard} />
            </div>
            {/* Alone: it changes most often, and moves nothing when it does. */}
            <OpenMaterials dashboard={dashboard} />
            <div className={classes.column}>
              <HomeSubjects dashboard={dashboard} />
              <NewestPlans plans={dashboard.studyPlans} />
            </div>
          </div>
        )}
      </QueryState>
    </>
  );
}

function HomeSkeleton() {
  return (
    <div className={classes.page} aria-busy="true">
      <div className={classes.wide}>
        <Skeleton height={156} radius="lg" />
      </div>
      <Skeleton height={132} radius="lg" />
      <div className={classes.column}>
        <Skeleton height={132} radius="lg" />
        <Skeleton height={132} radius="lg" />
      </div>
    </div>
  );
}

function firstName(name: string): string {
  return name.split(' ')[0] ?? name;
}
