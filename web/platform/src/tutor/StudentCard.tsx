import type { TutorStudent } from '@querycast/platform-protocol';
import { Monogram } from '../app/Monogram.js';
import { Glow } from '../live/Glow.js';
import { AssignedSubjects } from './AssignedSubjects.js';
import { AssignForm } from './AssignForm.js';
import classes from './student-card.module.css';

/** One student: subjects on top, the form that adds one below. */
export function StudentCard({ student }: { student: TutorStudent }) {
  return (
    <article className={classes.card} aria-label={student.name}>
      <header className={classes.head}>
        <Monogram name={student.name} />
        <div className={classes.who}>
          <h2 className={classes.name}>{student.name}</h2>
          <p className={classes.facts}>
            Grade <Glow value={student.grade} /> · {student.parent ? `Parent ${student.parent.name}` : 'No parent yet'}
          </p>
        </div>
        {student.goal && <p className={classes.goal}>{student.goal}</p>}
      </header>
      <AssignedSubjects student={student} />
      <AssignForm student={student} />
    </article>
  );
}
