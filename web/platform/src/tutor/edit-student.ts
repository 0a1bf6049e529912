import type { EditStudent, TutorStudent } from '@querycast/platform-protocol';
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

/** What differs from the beginning, and nothing else: what somebody else changes meanwhile stays. */
export function changedFields(before: EditStudentValues, after: EditStudentValues): EditStudent {
  const goal = after.goal.trim();
  return {
    ...(after.grade === before.grade ? {} : { grade: Number(after.grade) }),
    ...(goal === before.goal ? {} : { goal }),
    ...(after.parentId === before.parentId
      ? {}
      : { parentId: after.parentId === NO_PARENT ? null : Number(after.parentId) }),
  };
}
