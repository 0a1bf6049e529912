import type { TutorStudent } from '@querycast/platform-protocol';
import type { ReactNode } from 'react';
import { useGlow } from '../live/use-glow.js';
import { type StudentActions, StudentCard } from './StudentCard.js';
import classes from './students-page.module.css';

/** The cards of a tutor's students; a new one glows once, the very first one too. */
export function StudentList(props: {
  students: readonly TutorStudent[];
  actions: StudentActions;
  /** Shown instead of an empty list. */
  empty: ReactNode;
}) {
  const { students, actions, empty } = props;
  const glow = useGlow(students.map(({ id }) => [String(id), '']));
  if (students.length === 0) return empty;
  return (
    <div className={classes.list}>
      {students.map((student) => (
        <div key={student.id} className={glow(String(student.id), classes.place)}>
          <StudentCard student={student} actions={actions} />
        </div>
      ))}
    </div>
  );
}
