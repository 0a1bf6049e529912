import { Skeleton } from '@mantine/core';
import type { ParentChild, ReceivedStudyPlan } from '@querycast/platform-protocol';
import { IconCalendarEvent } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Card } from '../app/Card.js';
import { EmptyState } from '../app/EmptyState.js';
import { QueryState } from '../app/QueryState.js';
import { GlowList } from '../live/GlowList.js';
import { PlanCard } from '../plans/PlanCard.js';

/** The study plans that teachers sent for a child, newest first. */
export function ChildPlans({ child, query }: { child: ParentChild; query: UseQueryResult<ReceivedStudyPlan[]> }) {
  return (
    <Card title="Study plans">
      <QueryState query={query} skeleton={<Skeleton height={170} radius="lg" />}>
        {(plans) => (
          <GlowList
            items={plans}
            label={`Study plans of ${child.name}`}
            empty={
              <EmptyState title="No study plans yet" icon={<IconCalendarEvent size={30} stroke={1.5} />}>
                What a teacher plans for a week of {child.name} appears here as soon as it is sent.
              </EmptyState>
            }
          >
            {(plan) => <PlanCard plan={plan} who={plan.teacher.name} />}
          </GlowList>
        )}
      </QueryState>
    </Card>
  );
}
