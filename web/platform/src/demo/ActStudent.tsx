import type { Subject, TutorStudent } from '@querycast/platform-protocol';
import { useId } from 'react';
import classes from './act-pane.module.css';
import { SubjectToggle } from './SubjectToggle.js';

/** One student with a switch for every subject that can be assigned. */
export function ActStudent(props: {
  student: TutorStudent;
  subjects: readonly Subject[];
  onFailure: (error: unknown) => void;
}) {
  const { student, subjects, onFailure } = props;
  const headingId = useId();
  return (
    <fieldset className={classes.student} aria-labelledby={headingId}>
      <h3 id={headingId} className={classes.name}>
        {student.name}
        {student.parent && <span className={classes.parent}> · {student.parent.name}’s</span>}
      </h3>
      <div className={classes.toggles}>
        {subjects.flatMap((subject) =>
          subject.teachers.map((teacher) => (
            <SubjectToggle
              key={`${subject.id} ${teacher.id}`}
              student={student}
              subject={subject}
              teacher={teacher}
              onFailure={onFailure}
            />
          )),
        )}
      </div>
    </fieldset>
  );
}
