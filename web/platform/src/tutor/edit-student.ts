import type { EditStudent, TutorStudent } from '@querycast/platform-protocol';
import { changedFields } from '../forms/changed-fields.js';
import { NO_PARENT } from './parent-choices.js';

/** The form of what is known of a student. A type: an interface is no record of fields. */
export type EditStudentValues = {
  grade: string;
  goal: string;
  parentId: string;
};

/** What the form begins with. */
export function editedValues({ grade, goal, parent }: TutorStudent): EditStudentValues {
  return { grade: String(grade), goal, parentId: parent ? String(parent.id) : NO_PARENT };
}

/** What was changed of a student. */
export function changedStudent(before: EditStudentValues, after: EditStudentValues): EditStudent {
  return changedFields(fieldsOf(before), fieldsOf(after));
}

function fieldsOf({ grade, goal, parentId }: EditStudentValues) {
  return { grade: Number(grade), goal, parentId: parentId === NO_PARENT ? null : Number(parentId) };
}
