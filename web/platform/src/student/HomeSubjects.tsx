import type { StudentDashboard } from '@querycast/platform-protocol';
import { Card } from '../app/Card.js';
import { SubjectTag } from '../app/SubjectTag.js';
import { useGlow } from '../live/use-glow.js';
import { ProgressBar } from '../progress/ProgressBar.js';
import classes from './rows.module.css';

/** What the student learns with whom, and how far; what is new or has another teacher glows once. */
export function HomeSubjects({ dashboard }: { dashboard: StudentDashboard }) {
  const { subjects, tutor } = dashboard;
  const glow = useGlow(
    subjects.map(({ enrollmentId, name, color, teacher }) => [
      String(enrollmentId),
      [name, color, teacher.name].join('\n'),
    ]),
  );
  return (
    <Card title="Your subjects">
      {subjects.length === 0 ? (
        <p className={classes.none}>None yet. The first one appears here when {tutor?.name ?? 'a tutor'} assigns it.</p>
      ) : (
        <ul className={classes.rows} aria-label="Your subjects">
          {subjects.map(({ enrollmentId, name, color, teacher, progress }) => (
            <li key={enrollmentId} className={glow(String(enrollmentId), classes.row)}>
              <div className={classes.words}>
                <p className={classes.title}>
                  <SubjectTag subject={{ name, color }} />
                </p>
                <p className={classes.soft}>{teacher.name}</p>
              </div>
              <ProgressBar value={progress} label={`Progress in ${name}`} color={color} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
