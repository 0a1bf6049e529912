import type { StudentDashboard } from '@querycast/platform-protocol';
import { Card } from '../app/Card.js';
import { Glow } from '../live/Glow.js';
import { ProgressRing } from '../progress/ProgressRing.js';
import { completedText } from '../progress/progress-words.js';
import classes from './home.module.css';

/** How far the student has come, and towards what with whom. */
export function Summary({ dashboard }: { dashboard: StudentDashboard }) {
  const { progress, grade, goal, tutor } = dashboard;
  return (
    <Card label="Your progress">
      <div className={classes.summary}>
        <div className={classes.overall}>
          <ProgressRing value={progress} label="Your progress" size={112} />
          <div>
            <h2 className={classes.heading}>Your progress</h2>
            <p className={classes.completed}>
              <Glow value={completedText(dashboard)} />
            </p>
          </div>
        </div>
        <dl className={classes.facts}>
          <Fact term="Grade" value={grade || 'None yet'} />
          <Fact term="Tutor" value={tutor?.name ?? 'None yet'} />
          <Fact term="Goal" value={goal || 'None yet'} isLong />
        </dl>
      </div>
    </Card>
  );
}

function Fact({ term, value, isLong = false }: { term: string; value: string | number; isLong?: boolean }) {
  return (
    <div className={isLong ? classes.goal : undefined}>
      <dt className={classes.term}>{term}</dt>
      <dd className={classes.value}>
        <Glow value={value} />
      </dd>
    </div>
  );
}
