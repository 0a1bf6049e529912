import { Checkbox } from '@mantine/core';
import type { PersonName, TeacherStudent } from '@querycast/platform-protocol';
import '../checkbox.css';
import classes from './assign-fields.module.css';
import { type AssignmentChanges, isTicked, withTick } from './assignment-changes.js';

interface Ticks {
  /** Who has the material by now. */
  assigned: ReadonlySet<number>;
  changes: AssignmentChanges;
  onChange: (changes: AssignmentChanges) => void;
}

/** A teacher's students to tick, those with the material ticked already; below, who has it and has left the teacher. */
export function AssignFields(props: Ticks & { students: readonly TeacherStudent[]; former: readonly PersonName[] }) {
  const { students, former, ...ticks } = props;
  return (
    <>
      {students.length > 0 && <OwnStudents students={students} {...ticks} />}
      {former.length > 0 && (
        <fieldset className={classes.group}>
          <legend className={classes.legend}>No longer your students</legend>
          <p className={classes.hint}>They keep the material unless you untick them. Then they cannot get it back.</p>
          <ul className={classes.boxes}>
            {former.map((student) => (
              <Box key={student.id} student={student} {...ticks} />
            ))}
          </ul>
        </fieldset>
      )}
    </>
  );
}

function OwnStudents({ students, ...ticks }: Ticks & { students: readonly TeacherStudent[] }) {
  const { assigned, changes, onChange } = ticks;
  const count = students.filter(({ id }) => isTicked(changes, assigned, id)).length;
  const selectAll = (ticked: boolean) =>
    onChange(students.reduce((made, { id }) => withTick(made, assigned, id, ticked), changes));
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>Your students</legend>
      <Checkbox
        label="Select all"
        checked={count === students.length}
        indeterminate={count > 0 && count < students.length}
        onChange={(event) => selectAll(event.currentTarget.checked)}
      />
      <ul className={classes.boxes}>
        {students.map((student) => (
          <Box key={student.id} student={student} facts={factsOf(student)} {...ticks} />
        ))}
      </ul>
    </fieldset>
  );
}

function Box({ student, facts, assigned, changes, onChange }: Ticks & { student: PersonName; facts?: string }) {
  return (
    <li>
      <Checkbox
        label={student.name}
        description={facts}
        checked={isTicked(changes, assigned, student.id)}
        onChange={(event) => onChange(withTick(changes, assigned, student.id, event.currentTarget.checked))}
      />
    </li>
  );
}

function factsOf({ grade, subjects, isActive }: TeacherStudent): string {
  const facts = [`Grade ${grade}`, ...subjects.map(({ name }) => name)];
  return [...facts, ...(isActive ? [] : ['Deactivated'])].join(' · ');
}
