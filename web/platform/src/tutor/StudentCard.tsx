import { Button } from '@mantine/core';
import type { TutorStudent } from '@querycast/platform-protocol';
import { Monogram } from '../app/Monogram.js';
import { StatusBadge } from '../app/StatusBadge.js';
import { Glow } from '../live/Glow.js';
import { ProgressBar } from '../progress/ProgressBar.js';
import { AssignedSubjects } from './AssignedSubjects.js';
import { AssignForm } from './AssignForm.js';
import classes from './student-card.module.css';

/** What can be done with a student in a dialog of the page. */
export interface StudentActions {
  edit(student: TutorStudent): void;
  assignSeveral(student: TutorStudent): void;
}

/** One student: who it is and how far, the subjects, and the form that adds one below. */
export function StudentCard({ student, actions }: { student: TutorStudent; actions: StudentActions }) {
  const { name, grade, goal, parent, isActive, completed, materials, progress } = student;
  return (
    <article className={classes.card} aria-label={name}>
      <header className={classes.head}>
        <Monogram name={name} />
        <div className={classes.who}>
          <div className={classes.title}>
            <h2 className={classes.name}>{name}</h2>
            {!isActive && <StatusBadge status="deactivated" />}
          </div>
          <p className={classes.facts}>
            Grade <Glow value={grade} /> · <Glow value={parent ? `Parent ${parent.name}` : 'No parent yet'} />
          </p>
        </div>
        <StudentButtons student={student} actions={actions} />
      </header>
      <div className={classes.state}>
        <p className={classes.goal}>
          <Glow value={goal || 'No goal yet.'} />
        </p>
        <div>
          <p className={classes.materials}>
            Progress · <Glow value={completed} /> of <Glow value={materials} />{' '}
            {materials === 1 ? 'material' : 'materials'} completed
          </p>
          <ProgressBar value={progress} label={`Progress of ${name}`} />
        </div>
      </div>
      {!isActive && <p className={classes.note}>{name} cannot log in. An administrator can change that.</p>}
      <AssignedSubjects student={student} />
      <AssignForm student={student} />
    </article>
  );
}

function StudentButtons({ student, actions }: { student: TutorStudent; actions: StudentActions }) {
  return (
    <div className={classes.buttons}>
      <Button variant="default" size="xs" aria-label={`Edit ${student.name}`} onClick={() => actions.edit(student)}>
        Edit
      </Button>
      <Button
        variant="default"
        size="xs"
        aria-label={`Assign several subjects to ${student.name}`}
        onClick={() => actions.assignSeveral(student)}
      >
        Assign several
      </Button>
    </div>
  );
}
