import type { SubjectName, TeacherStudent } from '@querycast/platform-protocol';
import type { Choice } from '../student-choices.js';

/** What a student learns with the teacher, to choose from; `kept` as well, which a plan is about already. */
export function subjectChoices(students: readonly TeacherStudent[], studentId: string, kept?: SubjectName): Choice[] {
  const learned = students.find(({ id }) => String(id) === studentId)?.subjects ?? [];
  const choices = learned.map(({ subjectId, name }) => ({ value: String(subjectId), label: name }));
  const isMissing = kept && !learned.some(({ subjectId }) => subjectId === kept.id);
  return isMissing ? [{ value: String(kept.id), label: kept.name }, ...choices] : choices;
}
