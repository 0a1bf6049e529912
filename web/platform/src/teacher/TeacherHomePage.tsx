import { Skeleton } from '@mantine/core';
import type { TeacherDashboard } from '@querycast/platform-protocol';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { teacherDashboardQuery } from '../api/queries.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import type { Shown } from '../live/change-marks.js';
import { News } from '../live/News.js';
import { Overview } from './overview/Overview.js';
import section from './section.module.css';

/** A teacher's dashboard. */
export function TeacherHomePage() {
  const query = useQuery(teacherDashboardQuery(useApi()));
  return (
    <>
      <PageHead title="Overview" intro="How your students get on, and what you wrote for them last." />
      {query.data && <News shown={shownSubjects(query.data)} />}
      {query.data && <News shown={shownNewest(query.data)} newestOnly />}
      <QueryState query={query} skeleton={<OverviewSkeleton />}>
        {(dashboard) => <Overview dashboard={dashboard} />}
      </QueryState>
    </>
  );
}

function OverviewSkeleton() {
  return (
    <div className={section.section} aria-busy="true">
      <Skeleton height={126} radius="lg" />
      <Skeleton height={150} radius="lg" />
      <Skeleton height={220} radius="lg" />
    </div>
  );
}

function shownSubjects({ subjects }: TeacherDashboard): Shown[] {
  return subjects.map(({ id, name, students }) => [String(id), `${name}, students: ${students}`]);
}

/** Those who are furthest behind and the plans written last: parts of more. The figures follow from it. */
function shownNewest({ behind, studyPlans }: TeacherDashboard): Shown[] {
  return [
    ...behind.map(({ id, name, progress }): Shown => [`student ${id}`, `${name}, progress ${progress} %`]),
    ...studyPlans.map(
      ({ id, title, student, status }): Shown => [`plan ${id}`, `plan ${title} for ${student.name}, ${status}`],
    ),
  ];
}
