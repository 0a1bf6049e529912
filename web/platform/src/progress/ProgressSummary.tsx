import type { StudentProgress } from '@querycast/platform-protocol';
import { Glow } from '../live/Glow.js';
import { ProgressRing } from './ProgressRing.js';
import classes from './progress-summary.module.css';
import { completedText, formatMinutes } from './progress-words.js';
import { SubjectProgressList } from './SubjectProgressList.js';

/** How far a student has come, in all and by subject; `label` says whose progress the ring shows. */
export function ProgressSummary({ progress, label }: { progress: StudentProgress; label: string }) {
  return (
    <div className={classes.summary}>
      <div className={classes.overall}>
        <ProgressRing value={progress.progress} label={label} size={112} />
        <div>
          <p className={classes.completed}>
            <Glow value={completedText(progress)} />
          </p>
          <p className={classes.soft}>
            <Glow value={`${formatMinutes(progress.timeSpentMinutes)} of learning`} />
          </p>
        </div>
      </div>
      <SubjectProgressList subjects={progress.subjects} />
    </div>
  );
}
