import { Skeleton, VisuallyHidden } from '@mantine/core';
import type { ReceivedStudyPlan } from '@querycast/platform-protocol';
import { IconCalendarWeek } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { studentStudyPlansQuery } from '../api/queries.js';
import cardList from '../app/card-list.module.css';
import { EmptyState } from '../app/EmptyState.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { News } from '../live/News.js';
import { useGlow } from '../live/use-glow.js';
import { PlanCard } from '../plans/PlanCard.js';
import classes from './plans.module.css';
import { planNews } from './student-news.js';

/** The study plans a student got. */
export function StudentPlansPage() {
  const query = useQuery(studentStudyPlansQuery(useApi()));
  return (
    <>
      <PageHead title="Study plans" intro="What your teachers plan for your weeks, the newest first." />
      {query.data && <News shown={planNews(query.data)} />}
      <QueryState query={query} skeleton={<PlansSkeleton />}>
        {(plans) => <Plans plans={plans} />}
      </QueryState>
    </>
  );
}

/** A plan that comes while the page is open glows as a whole, the very first one too. */
function Plans({ plans }: { plans: readonly ReceivedStudyPlan[] }) {
  const glow = useGlow(plans.map(({ id }) => [String(id), '']));
  if (plans.length === 0) {
    return (
      <EmptyState title="No study plans yet" icon={<IconCalendarWeek size={30} stroke={1.5} />}>
        What a teacher sends you appears here by itself.
      </EmptyState>
    );
  }
  return (
    <section aria-labelledby="plans-heading">
      <VisuallyHidden>
        <h2 id="plans-heading">All your plans</h2>
      </VisuallyHidden>
      <div className={cardList.list}>
        {plans.map((plan) => (
          <div key={plan.id} className={glow(String(plan.id), classes.item)}>
            <PlanCard plan={plan} who={plan.teacher.name} />
          </div>
        ))}
      </div>
    </section>
  );
}

function PlansSkeleton() {
  return (
    <div className={cardList.list} aria-busy="true">
      <Skeleton height={176} radius="lg" />
      <Skeleton height={176} radius="lg" />
    </div>
  );
}
