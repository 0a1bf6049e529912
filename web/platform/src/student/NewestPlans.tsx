import type { StudyPlanSummary } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import { Card } from '../app/Card.js';
import { formatWeek } from '../app/dates.js';
import links from '../app/links.module.css';
import { StatusBadge } from '../app/StatusBadge.js';
import { SubjectTag } from '../app/SubjectTag.js';
import { useGlow } from '../live/use-glow.js';
import classes from './rows.module.css';

/** The newest study plans the student got; what is new or changed glows once, the very first plan too. */
export function NewestPlans({ plans }: { plans: readonly StudyPlanSummary[] }) {
  const glow = useGlow(plans.map((plan) => [String(plan.id), fingerprint(plan)]));
  return (
    <Card title="Newest study plans" tools={<AllPlans />}>
      {plans.length === 0 ? (
        <p className={classes.none}>None yet. What your teachers plan for your week appears here.</p>
      ) : (
        <ul className={classes.rows} aria-label="Newest study plans">
          {plans.map((plan) => (
            <li key={plan.id} className={glow(String(plan.id), classes.row)} data-whole="true">
              <div className={classes.words}>
                <h3 className={classes.title}>
                  <Link to="/plans" className={links.quiet}>
                    {plan.title}
                  </Link>
                </h3>
                <p className={classes.facts}>
                  <SubjectTag subject={plan.subject} />
                  <span>{formatWeek(plan.weekStartDate, plan.weekEndDate)}</span>
                </p>
              </div>
              {/* Those sent are the rule here: a badge on each would say nothing. */}
              {plan.status === 'archived' && <StatusBadge status={plan.status} />}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function AllPlans() {
  return (
    <Link to="/plans" className={links.more}>
      All plans
    </Link>
  );
}

/** All that is shown of a plan. */
function fingerprint({ title, subject, weekStartDate, weekEndDate, status }: StudyPlanSummary): string {
  return [title, subject.name, subject.color, weekStartDate, weekEndDate, status].join('\n');
}
