import type { DashboardChild, StudyPlanSummary } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import { formatWeek } from '../app/dates.js';
import links from '../app/links.module.css';
import { StatusBadge } from '../app/StatusBadge.js';
import { SubjectTag } from '../app/SubjectTag.js';
import { useGlow } from '../live/use-glow.js';
import { NewestSection } from './NewestSection.js';
import classes from './newest.module.css';

/** The newest study plans of a child; what is new or changed glows once, the very first plan too. */
export function NewestPlans({ child, linked }: { child: DashboardChild; linked: boolean }) {
  const plans = child.studyPlans;
  const glow = useGlow(plans.map((plan) => [String(plan.id), fingerprint(plan)]));
  const params = { childId: String(child.id) };
  return (
    <NewestSection title="Study plans" linked={linked}>
      {plans.length === 0 ? (
        <p className={classes.none}>None yet. What teachers send appears here.</p>
      ) : (
        <dl className={classes.rows}>
          {plans.map((plan) => (
            <div key={plan.id} className={glow(String(plan.id), classes.row)}>
              <dt className={classes.title}>
                {linked ? (
                  <Link to="/children/$childId" params={params} className={links.quiet}>
                    {plan.title}
                  </Link>
                ) : (
                  plan.title
                )}
              </dt>
              <dd className={classes.facts}>
                <SubjectTag subject={plan.subject} />
                <span>{formatWeek(plan.weekStartDate, plan.weekEndDate)}</span>
              </dd>
              {/* Those sent are the rule here: a badge on each would say nothing. */}
              {plan.status === 'archived' && (
                <dd className={classes.badge}>
                  <StatusBadge status={plan.status} />
                </dd>
              )}
            </div>
          ))}
        </dl>
      )}
    </NewestSection>
  );
}

/** All that is shown of a plan. */
function fingerprint({ title, subject, weekStartDate, weekEndDate, status }: StudyPlanSummary): string {
  return [title, subject.name, subject.color, weekStartDate, weekEndDate, status].join('\n');
}
