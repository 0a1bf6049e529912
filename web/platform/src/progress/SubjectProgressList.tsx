import type { SubjectProgress } from '@querycast/platform-protocol';
import { SubjectTag } from '../app/SubjectTag.js';
import { Glow } from '../live/Glow.js';
import { useGlow } from '../live/use-glow.js';
import { ProgressBar } from './ProgressBar.js';
import classes from './progress-summary.module.css';
import { completedText, formatMinutes } from './progress-words.js';

/** Progress by subject; a subject that is new glows as a whole, of the others the figures that changed. */
export function SubjectProgressList({ subjects }: { subjects: readonly SubjectProgress[] }) {
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
          <dd className={classes.figures}>
            <span>
              <Glow value={completedText(subject)} />
            </span>
            <span>
              <Glow value={formatMinutes(subject.timeSpentMinutes)} />
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
