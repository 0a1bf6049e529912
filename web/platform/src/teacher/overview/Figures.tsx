import type { TeacherDashboard } from '@querycast/platform-protocol';
import { Card } from '../../app/Card.js';
import { Glow } from '../../live/Glow.js';
import { ProgressRing } from '../../progress/ProgressRing.js';
import classes from './figures.module.css';

/** The dashboard's figures, each at its place whatever it says. */
export function Figures({ statistics }: { statistics: TeacherDashboard['statistics'] }) {
  const { students, averageProgress, materials, assignments, completed, draftPlans, sentPlans } = statistics;
  return (
    <Card label="Statistics">
      <div className={classes.figures}>
        <div className={classes.progress}>
          <ProgressRing value={averageProgress} label="Average progress" size={84} />
          <p className={classes.label}>average progress</p>
        </div>
        <ul className={classes.list}>
          <Figure value={students} label={students === 1 ? 'student' : 'students'} />
          <Figure value={materials} label={materials === 1 ? 'active material' : 'active materials'} />
          <Figure value={completed} of={assignments} label="assignments completed" />
          <Figure value={draftPlans} label={draftPlans === 1 ? 'draft plan' : 'draft plans'} />
          <Figure value={sentPlans} label={sentPlans === 1 ? 'sent plan' : 'sent plans'} />
        </ul>
      </div>
    </Card>
  );
}

function Figure({ value, of, label }: { value: number; of?: number; label: string }) {
  return (
    <li className={classes.figure}>
      <span className={classes.value}>
        <Glow value={value} />
        {of !== undefined && (
          <span className={classes.of}>
            {' '}
            of <Glow value={of} />
          </span>
        )}
      </span>{' '}
      <span className={classes.label}>{label}</span>
    </li>
  );
}
