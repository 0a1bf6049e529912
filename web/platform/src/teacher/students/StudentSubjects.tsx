import type { TeacherStudent } from '@querycast/platform-protocol';
import { SubjectTag } from '../../app/SubjectTag.js';
import { useGlow } from '../../live/use-glow.js';
import classes from './student-subjects.module.css';

/** What a student learns with the teacher; what comes glows once. */
export function StudentSubjects({ student }: { student: TeacherStudent }) {
  const { name, subjects } = student;
  const glow = useGlow(subjects.map((subject) => [String(subject.enrollmentId), `${subject.name} ${subject.color}`]));
  if (subjects.length === 0) return <p className={classes.none}>No subjects with you at the moment.</p>;
  return (
    <ul className={classes.subjects} aria-label={`Subjects of ${name}`}>
      {subjects.map((subject) => (
        <li key={subject.enrollmentId} className={glow(String(subject.enrollmentId), classes.subject)}>
          <SubjectTag subject={subject} />
        </li>
      ))}
    </ul>
  );
}
