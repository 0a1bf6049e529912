import type { AssignSubject, EnrolledSubject, Subject } from '@querycast/platform-protocol';
import { ApiRequestError } from '../api/errors.js';
import { assignableSubjects } from './assignable-subjects.js';

/** The server takes no more in one request. */
export const MAX_SUBJECTS = 50;

/** A subject with one of its teachers, to be ticked. */
export interface Lesson extends AssignSubject {
  /** Both ids in one text: the value of its box. */
  readonly value: string;
  /** Both names. */
  readonly label: string;
  readonly color: string;
}

/** Every subject that can be assigned to a student, with each of its teachers. */
export function lessonsFor(all: readonly Subject[], assigned: readonly EnrolledSubject[]): Lesson[] {
  return assignableSubjects(all, assigned).flatMap(({ id, name, color, teachers }) =>
    teachers.map((teacher) => ({
      subjectId: id,
      teacherId: teacher.id,
      value: `${id} ${teacher.id}`,
      label: `${name} with ${teacher.name}`,
      color,
    })),
  );
}

/** What is wrong with the boxes that were ticked; `null` when nothing is. */
export function lessonsProblem(ticked: readonly string[]): string | null {
  if (ticked.length === 0) return 'Tick at least one subject.';
  return ticked.length > MAX_SUBJECTS ? `Not more than ${MAX_SUBJECTS} at once.` : null;
}

/** Says of the boxes what the server says of the places in the list that was sent; other errors stay as they are. */
export function asProblemOfLessons(error: unknown, sent: readonly Lesson[]): unknown {
  if (!(error instanceof ApiRequestError)) return error;
  const said = Object.entries(error.fields).flatMap(([field, message]) => {
    const lesson = sent[Number(/^subjects\.(\d+)\./.exec(field)?.[1] ?? Number.NaN)];
    return lesson ? [`${lesson.label}: ${message}.`] : [];
  });
  if (said.length === 0) return error;
  return new ApiRequestError(error.status, error.apiCode, error.message, { subjects: said.join(' ') });
}
