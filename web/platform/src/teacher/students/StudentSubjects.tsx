import type { TeacherStudent } from '@querycast/platform-protocol';
import { SubjectTag } from '../../app/SubjectTag.js';
import { glowClass } from '../../live/glow-class.js';
import { useChangeMarks } from '../../live/use-change-marks.js';
import classes from './student-subjects.module.css';

/** What a student learns with the teacher; what comes glows once. */
export function StudentSubjects({ student }: { student: TeacherStudent }) {
  const { name, subjects } = student;
  const changes = useChangeMarks(
    subjects.map((subject) => [String(subject.enrollmentId), `${subject.name} ${subject.color}`]),
  );
  if (subjects.length === 0) return <p className={classes.none}>No subjects with you at the moment.</p>;
  return (
    <ul className={classes.subjects} aria-label={`Subjects of ${name}`}>
      {subjects.map((subject) => (
        <li
          key={subject.enrollmentId}
          className={[classes.subject, glowClass(changes(String(subject.enrollmentId)))].filter(Boolean).join(' ')}
        >
          <SubjectTag subject={subject} />
        </li>
      ))}
    </ul>
  );
}
