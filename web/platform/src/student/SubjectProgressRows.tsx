import type { SubjectProgress } from '@querycast/platform-protocol';
import { SubjectTag } from '../app/SubjectTag.js';
import { Glow } from '../live/Glow.js';
import { useGlow } from '../live/use-glow.js';
import { ProgressBar } from '../progress/ProgressBar.js';
import { completedText, formatMinutes } from '../progress/progress-words.js';
import classes from './progress.module.css';

/** How far the student has come in each subject; a new one glows as a whole, of the others the figures that changed. */
export function SubjectProgressRows({ subjects }: { subjects: readonly SubjectProgress[] }) {
  const glow = useGlow(subjects.map(({ subjectId, name, color }) => [String(subjectId), [name, color].join('\n')]));
  return (
    <dl className={classes.subjects}>
      {subjects.map((subject) => (
        <div key={subject.subjectId} className={glow(String(subject.subjectId), classes.subject)}>
          <dt className={classes.name}>
            <SubjectTag subject={subject} />
          </dt>
          <dd>
            <ProgressBar value={subject.progress} label={`Progress in ${subject.name}`} color={subject.color} />
          </dd>
          <dd className={classes.soft}>
            <Glow
              value={
                subject.materials === 0
                  ? completedText(subject)
                  : `${subject.completed} of ${subject.materials} completed`
              }
            />
          </dd>
          <dd className={classes.time}>
            <Glow value={formatMinutes(subject.timeSpentMinutes)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
