import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { TeacherStudyPlan } from '@querycast/platform-protocol';
import { Glow } from '../../live/Glow.js';
import { type PlanFilter, plannedStudents, plansIn, plansOf } from './plan-filter.js';
import './plan-filters.css';
import classes from './plan-filters.module.css';

const STATUSES = [
  ['all', 'All'],
  ['draft', 'Drafts'],
  ['sent', 'Sent'],
  ['archived', 'Archived'],
] as const;

/** Chooses which plans are shown, and says how many there are of each kind. */
export function PlanFilters(props: {
  plans: readonly TeacherStudyPlan[];
  filter: PlanFilter;
  onChange: (filter: PlanFilter) => void;
}) {
  const { plans, filter, onChange } = props;
  const ofStudent = plansOf(plans, filter.studentId);
  return (
    <div className={classes.filters}>
      <SegmentedControl<PlanFilter['status']>
        aria-label="Status"
        className={classes.statuses}
        withItemsBorders={false}
        value={filter.status}
        onChange={(status) => onChange({ ...filter, status })}
        data={STATUSES.map(([value, label]) => ({
          value,
          // Another student's number is not a change of this one.
          label: <StatusLabel key={filter.studentId} label={label} count={plansIn(ofStudent, value).length} />,
        }))}
      />
      <NativeSelect
        aria-label="Student"
        className={classes.student}
        value={filter.studentId ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onChange({ ...filter, studentId: value === '' ? undefined : Number(value) });
        }}
        data={[
          { value: '', label: 'All students' },
          ...plannedStudents(plans).map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
      />
    </div>
  );
}

function StatusLabel({ label, count }: { label: string; count: number }) {
  return (
    <span className={classes.status}>
      {label}{' '}
      <span className={classes.count}>
        <Glow value={count} />
      </span>
    </span>
  );
}
