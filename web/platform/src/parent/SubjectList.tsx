import type { ChildSubject } from '@querycast/platform-protocol';
import type { ReactNode } from 'react';
import { glowClass } from '../live/glow-class.js';
import { useChangeMarks } from '../live/use-change-marks.js';
import classes from './subject-list.module.css';

/** What to show of a child's subjects. */
export interface SubjectListProps {
  subjects: readonly ChildSubject[];
  childName: string;
  /** Shown instead of an empty list. */
  empty: ReactNode;
  /** Whether to show since when; default false. */
  withDates?: boolean;
}

/** A child's subjects with their teachers; what is new or changed glows once, the very first subject too. */
export function SubjectList({ subjects, childName, empty, withDates = false }: SubjectListProps) {
  const changes = useChangeMarks(subjects.map((subject) => [String(subject.enrollmentId), fingerprint(subject)]));
  if (subjects.length === 0) return empty;
  return (
    <ul className={classes.list} aria-label={`Subjects of ${childName}`}>
      {subjects.map((subject) => (
        <li
          key={subject.enrollmentId}
          className={[classes.row, glowClass(changes(String(subject.enrollmentId)))].filter(Boolean).join(' ')}
        >
          <span className={classes.bar} style={{ background: subject.color }} aria-hidden="true" />
          <span className={classes.name}>{subject.name}</span>
          <span className={classes.teacher}>
            {subject.teacher.name}
            {withDates && <span className={classes.since}> · since {formatDay(subject.enrolledAt)}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** All that is shown of a subject. */
function fingerprint(subject: ChildSubject): string {
  return [subject.name, subject.color, subject.teacher.name].join('\n');
}

function formatDay(timestamp: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(
    new Date(timestamp),
  );
}
