import type { StudentDashboard } from '@querycast/platform-protocol';
import { Card } from '../app/Card.js';
import { Glow } from '../live/Glow.js';
import { Fact } from '../people/Fact.js';
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
          <Fact term="Grade">
            <Glow value={grade || 'None yet'} />
          </Fact>
          <Fact term="Tutor">
            <Glow value={tutor?.name ?? 'None yet'} />
          </Fact>
          <Fact term="Goal">
            <Glow value={goal || 'None yet'} />
          </Fact>
        </dl>
      </div>
    </Card>
  );
}
