import type { TeacherDashboard } from '@querycast/platform-protocol';
import { SubjectTag } from '../../app/SubjectTag.js';
import { Glow } from '../../live/Glow.js';
import { useGlow } from '../../live/use-glow.js';
import classes from './taught-subjects.module.css';

/** What a teacher teaches now, and to how many. */
export function TaughtSubjects({ subjects }: { subjects: TeacherDashboard['subjects'] }) {
  const glow = useGlow(subjects.map(({ id, name, color }) => [String(id), `${name} ${color}`]));
  if (subjects.length === 0) {
    return <p className={classes.none}>A subject shows here when a tutor assigns it to a student with you.</p>;
  }
  return (
    <ul className={classes.list}>
      {subjects.map((subject) => (
        <li key={subject.id} className={glow(String(subject.id), classes.row)}>
          <SubjectTag subject={subject} />
          <span className={classes.count}>
            <Glow value={subject.students} />{' '}
            <span className={classes.unit}>{subject.students === 1 ? 'student' : 'students'}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
