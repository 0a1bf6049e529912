import type { CreateStudent, NewPerson } from '@querycast/platform-protocol';
import { textProblem } from '../forms/text-problem.js';
import { NOBODY_YET, type PersonValues, personOf, personProblems } from '../people/new-person.js';
import { NEW_PARENT, NO_PARENT } from './parent-choices.js';

/** The form of a new student. A type: an interface is no record of fields. */
export type NewStudentValues = PersonValues & {
  grade: string;
  goal: string;
  /** An id, or one of the choices that are none. */
  parentId: string;
  parent: PersonValues;
};

/** The form of a new student, with nothing typed yet. */
export const NO_STUDENT_YET: NewStudentValues = {
  ...NOBODY_YET,
  grade: '1',
  goal: '',
  parentId: NO_PARENT,
  parent: NOBODY_YET,
};

/** What is wrong with a goal; `null` when nothing is. */
export function goalProblem(goal: string): string | null {
  return textProblem(goal, { min: 0, max: 500, lines: true });
}

/** What is wrong with each field; a parent's only while there is one to be added. */
export const newStudentProblems = {
  ...personProblems,
  goal: goalProblem,
  parent: {
    firstName: ofNewParent('firstName'),
    lastName: ofNewParent('lastName'),
    email: (email: string, values: NewStudentValues) =>
      ofNewParent('email')(email, values) ?? (isSamePerson(values) ? 'must be another one than the student’s' : null),
    password: ofNewParent('password'),
  },
};

function ofNewParent(field: keyof NewPerson) {
  return (value: string, { parentId }: NewStudentValues) =>
    parentId === NEW_PARENT ? personProblems[field](value) : null;
}

function isSamePerson({ parentId, email, parent }: NewStudentValues): boolean {
  return parentId === NEW_PARENT && email.trim().toLowerCase() === parent.email.trim().toLowerCase();
}

/** The student as they are sent, with the parent in the same request. */
export function newStudentOf({ grade, goal, parentId, parent, ...person }: NewStudentValues): CreateStudent {
  const student = { ...personOf(person), grade: Number(grade), goal: goal.trim() };
  if (parentId === NEW_PARENT) return { ...student, parent: personOf(parent) };
  return parentId === NO_PARENT ? student : { ...student, parentId: Number(parentId) };
}
