import type { TeacherDashboard } from '@querycast/platform-protocol';
import { formatWeek } from '../../app/dates.js';
import { StatusBadge } from '../../app/StatusBadge.js';
import { SubjectTag } from '../../app/SubjectTag.js';
import { useGlow } from '../../live/use-glow.js';
import classes from './newest-plans.module.css';

type Plan = TeacherDashboard['studyPlans'][number];

/** The plans written last, in a line or two each. */
export function NewestPlans({ plans }: { plans: readonly Plan[] }) {
  const glow = useGlow(plans.map((plan) => [String(plan.id), fingerprint(plan)]));
  if (plans.length === 0) {
    return <p className={classes.none}>No plans yet. The first one is written on the page of the plans.</p>;
  }
  return (
    <ul className={classes.list}>
      {plans.map((plan) => (
        <li key={plan.id} className={glow(String(plan.id), classes.row)}>
          <div className={classes.words}>
            <h3 className={classes.title}>{plan.title}</h3>
            <p className={classes.facts}>
              <span>{plan.student.name}</span>
              <SubjectTag subject={plan.subject} />
              <span>{formatWeek(plan.weekStartDate, plan.weekEndDate)}</span>
            </p>
          </div>
          <StatusBadge status={plan.status} />
        </li>
      ))}
    </ul>
  );
}

function fingerprint(plan: Plan): string {
  return [plan.title, plan.status, plan.weekStartDate, plan.student.name, plan.subject.name].join('\n');
}
