import type { TeacherStudyPlan } from '@querycast/platform-protocol';
import { IconCalendarWeek } from '@tabler/icons-react';
import { EmptyState } from '../../app/EmptyState.js';
import { GlowList } from '../../live/GlowList.js';
import { PlanCard } from '../../plans/PlanCard.js';
import { PlanActions } from './PlanActions.js';
import type { PlanDialog } from './PlanDialogs.js';
import { type PlanFilter, plansIn, plansOf } from './plan-filter.js';

/** The plans that a filter lets through. */
export function PlanList(props: {
  plans: readonly TeacherStudyPlan[];
  filter: PlanFilter;
  open: (dialog: PlanDialog) => void;
}) {
  const { plans, filter, open } = props;
  return (
    <GlowList
      // What comes in because of another filter is nothing new.
      key={`${filter.status} ${filter.studentId}`}
      items={plansIn(plansOf(plans, filter.studentId), filter.status)}
      label="Plans"
      empty={plans.length === 0 ? <NoPlans /> : <NoneOfThese status={filter.status} />}
    >
      {(plan) => (
        <PlanCard plan={plan} who={`For ${plan.student.name}`}>
          <PlanActions plan={plan} open={open} />
        </PlanCard>
      )}
    </GlowList>
  );
}

function NoPlans() {
  return (
    <EmptyState title="No plans yet" icon={<IconCalendarWeek size={30} stroke={1.5} />}>
      Write the first one with “New plan”. Student and parent see it as soon as you send it.
    </EmptyState>
  );
}

const NONE: Readonly<Record<PlanFilter['status'], string>> = {
  all: 'There are none for this student yet. Write one with “New plan”.',
  draft: 'A plan that is not sent yet waits here until you send it.',
  sent: 'A plan comes here when you send it.',
  archived: 'A plan of the past comes here when you archive it.',
};

function NoneOfThese({ status }: { status: PlanFilter['status'] }) {
  return (
    <EmptyState title="No plans here" icon={<IconCalendarWeek size={30} stroke={1.5} />}>
      {NONE[status]}
    </EmptyState>
  );
}
