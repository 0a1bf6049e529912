import type { TutorStudent } from '@querycast/platform-protocol';
import type { Shown } from '../live/change-marks.js';

/** A sentence about each student, and about each of their subjects. */
export function studentNews(students: readonly TutorStudent[]): Shown[] {
  return students.flatMap(({ id, name, grade, goal, parent, progress, isActive, subjects }) => [
    [
      `student ${id}`,
      [
        `${name}, grade ${grade}`,
        parent ? `parent ${parent.name}` : 'no parent',
        `progress ${progress} %`,
        ...(goal ? [`goal: ${goal}`] : []),
        ...(isActive ? [] : ['deactivated']),
      ].join(', '),
    ] satisfies Shown,
    ...subjects.map(
      (subject): Shown => [
        `enrollment ${subject.enrollmentId}`,
        `${subject.name} with ${subject.teacher.name} for ${name}`,
      ],
    ),
  ]);
}
