import type { StudyPlan, SubjectName } from '@querycast/platform-protocol';
import type { ReactNode } from 'react';
import { formatWeek } from '../app/dates.js';
import classes from '../app/reading-card.module.css';
import { StatusBadge } from '../app/StatusBadge.js';
import { SubjectTag } from '../app/SubjectTag.js';
import { useGlow } from '../live/use-glow.js';

/** A study plan, to read. */
export function PlanCard(props: {
  plan: StudyPlan & { subject: SubjectName };
  /** Who wrote it, or whom it is for. */
  who: string;
  /** What can be done with it. */
  children?: ReactNode;
}) {
  const { plan, who, children } = props;
  const glow = useGlow([['plan', [plan.title, plan.content, plan.status, plan.weekStartDate].join('\n')]]);
  return (
    <article className={glow('plan', classes.card)} aria-label={`Plan ${plan.title}`}>
      <header className={classes.head}>
        <h3 className={classes.title}>{plan.title}</h3>
        <StatusBadge status={plan.status} />
      </header>
      <p className={classes.facts}>
        <SubjectTag subject={plan.subject} />
        <span>{who}</span>
        <span>{formatWeek(plan.weekStartDate, plan.weekEndDate)}</span>
      </p>
      <p className={classes.text}>{plan.content}</p>
      {children && <div className={classes.actions}>{children}</div>}
    </article>
  );
}
