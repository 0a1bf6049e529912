import { VisuallyHidden } from '@mantine/core';
import type { TeacherStudyPlan } from '@querycast/platform-protocol';
import type { RefObject } from 'react';
import classes from '../section.module.css';
import type { PlanDialog } from './PlanDialogs.js';
import { PlanFilters } from './PlanFilters.js';
import { PlanList } from './PlanList.js';
import { type PlanFilter, plannedStudents } from './plan-filter.js';

/** The plans with the choice of which to see. */
export function PlansSection(props: {
  plans: readonly TeacherStudyPlan[];
  filter: PlanFilter;
  onFilter: (filter: PlanFilter) => void;
  open: (dialog: PlanDialog) => void;
  /** Takes the focus where it would be lost. */
  place: RefObject<HTMLElement | null>;
}) {
  const { plans, onFilter, open, place } = props;
  const filter = withKnownStudent(props.filter, plans);
  return (
    <section ref={place} tabIndex={-1} className={classes.section} aria-label="Study plans">
      <VisuallyHidden component="h2">Plans</VisuallyHidden>
      {plans.length > 0 && <PlanFilters plans={plans} filter={filter} onChange={onFilter} />}
      <PlanList plans={plans} filter={filter} open={open} />
    </section>
  );
}

/** A student whose last plan has gone cannot be chosen any more: all are shown then. */
function withKnownStudent(filter: PlanFilter, plans: readonly TeacherStudyPlan[]): PlanFilter {
  const isKnown = plannedStudents(plans).some(({ id }) => id === filter.studentId);
  return isKnown ? filter : { ...filter, studentId: undefined };
}
