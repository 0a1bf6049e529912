import type { TutorDashboard } from '@querycast/platform-protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Glow } from '../live/Glow.js';
import classes from './tutor-statistics.module.css';

/** The dashboard's figures; every one keeps its place and its height whatever it says. */
export function TutorStatistics({ statistics }: { statistics: TutorDashboard['statistics'] }) {
  const { students, averageProgress, subjects, withoutSubjects } = statistics;
  return (
    <ul className={classes.figures} aria-label="Statistics">
      <Figure label={students === 1 ? 'student' : 'students'} value={students} note="in your care" />
      <Figure label="average progress" value={`${averageProgress}%`} note="over all students" />
      <Figure label={subjects === 1 ? 'subject' : 'subjects'} value={subjects} note="assigned now" />
      <Figure
        label="without a subject"
        value={withoutSubjects}
        urgent={withoutSubjects > 0}
        note={
          withoutSubjects > 0 ? (
            <Link to="/students" className={classes.link}>
              Assign the first one
            </Link>
          ) : (
            'nobody is left out'
          )
        }
      />
    </ul>
  );
}

function Figure(props: { label: string; value: string | number; note: ReactNode; urgent?: boolean }) {
  const { label, value, note, urgent = false } = props;
  return (
    <li className={classes.figure} data-urgent={urgent}>
      <span className={classes.value}>
        <Glow value={value} />
      </span>{' '}
      <span className={classes.label}>{label}</span> <span className={classes.note}>{note}</span>
    </li>
  );
}
