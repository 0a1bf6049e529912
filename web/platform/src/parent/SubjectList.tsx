import type { ChildSubject, Progress } from '@querycast/platform-protocol';
import type { ReactNode } from 'react';
import { formatDay } from '../app/dates.js';
import { useGlow } from '../live/use-glow.js';
import { ProgressBar } from '../progress/ProgressBar.js';
import classes from './subject-list.module.css';

/** A subject, with how far the child has come in it where the page knows that. */
export type ListedSubject = ChildSubject & Partial<Progress>;

/** What to show of a child's subjects. */
export interface SubjectListProps {
  subjects: readonly ListedSubject[];
  childName: string;
  /** Shown instead of an empty list. */
  empty: ReactNode;
  /** Whether to show since when; default false. */
  withDates?: boolean;
}

/** A child's subjects with their teachers; what is new or changed glows once, the very first subject too. */
export function SubjectList({ subjects, childName, empty, withDates = false }: SubjectListProps) {
  const glow = useGlow(subjects.map((subject) => [String(subject.enrollmentId), fingerprint(subject)]));
  if (subjects.length === 0) return empty;
  return (
    <ul className={classes.list} aria-label={`Subjects of ${childName}`}>
      {subjects.map((subject) => (
        <li
          key={subject.enrollmentId}
          className={glow(String(subject.enrollmentId), classes.row)}
          data-progress={subject.progress !== undefined}
        >
          <span className={classes.bar} style={{ background: subject.color }} aria-hidden="true" />
          <span className={classes.name}>{subject.name}</span>
          <span className={classes.teacher}>
            {subject.teacher.name}
            {withDates && <span className={classes.since}> · since {formatDay(subject.enrolledAt)}</span>}
          </span>
          <SubjectProgressBar subject={subject} />
        </li>
      ))}
    </ul>
  );
}

function SubjectProgressBar({ subject }: { subject: ListedSubject }) {
  const { name, color, progress, materials } = subject;
  if (progress === undefined) return null;
  return (
    <span className={classes.progress}>
      {materials === 0 ? (
        <span className={classes.noMaterials}>No materials yet</span>
      ) : (
        <ProgressBar value={progress} label={`Progress in ${name}`} color={color} />
      )}
    </span>
  );
}

/** All that is shown of a subject, but for the progress, whose figure glows by itself. */
function fingerprint({ name, color, teacher, materials }: ListedSubject): string {
  return [name, color, teacher.name, materials === 0].join('\n');
}
