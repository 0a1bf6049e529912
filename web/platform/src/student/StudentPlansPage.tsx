import { VisuallyHidden } from '@mantine/core';
import type { ReceivedStudyPlan } from '@querycast/platform-protocol';
import { IconCalendarWeek } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { studentStudyPlansQuery } from '../api/queries.js';
import { CardsSkeleton } from '../app/CardsSkeleton.js';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { GlowList } from '../live/GlowList.js';
import { News } from '../live/News.js';
import { PlanCard } from '../plans/PlanCard.js';
import { planNews } from './student-news.js';

/** The study plans a student got. */
export function StudentPlansPage() {
  const query = useQuery(studentStudyPlansQuery(useApi()));
  return (
    <>
      <PageHead title="Study plans" intro="What your teachers plan for your weeks, the newest first." />
      {query.data && <News shown={planNews(query.data)} />}
      <QueryState query={query} skeleton={<CardsSkeleton height={176} />}>
        {(plans) => <Plans plans={plans} />}
      </QueryState>
    </>
  );
}

function Plans({ plans }: { plans: readonly ReceivedStudyPlan[] }) {
  return (
    <>
      {plans.length > 0 && <VisuallyHidden component="h2">All your plans</VisuallyHidden>}
      <GlowList items={plans} label="Study plans" empty={<NoPlans />}>
        {(plan) => <PlanCard plan={plan} who={plan.teacher.name} />}
      </GlowList>
    </>
  );
}

function NoPlans() {
  return (
    <EmptyState title="No study plans yet" icon={<IconCalendarWeek size={30} stroke={1.5} />}>
      What a teacher sends you appears here by itself.
    </EmptyState>
  );
}
