import { platformKeys } from '@querycast/platform-protocol';
import type { LookedAfter } from './guardians.js';
import { isPupilOf, type Pupils } from './pupils.js';
import { type Told, tell } from './told.js';

/** Whoever sees how far these students have come, and in how many materials. */
export function tellOfProgress(students: readonly LookedAfter[]): Told[] {
  return students.flatMap(({ studentId, parentId, tutorId }) => [
    ...tell('parent', parentId, platformKeys.parentDashboard(), platformKeys.childProgress(studentId)),
    ...tell('tutor', tutorId, platformKeys.tutorDashboard(), platformKeys.tutorStudents()),
  ]);
}

/** The student's own reads of the same. */
export function tellStudentOfProgress(studentId: number): Told[] {
  return tell(
    'student',
    studentId,
    platformKeys.studentDashboard(),
    platformKeys.studentMaterials(),
    platformKeys.studentProgress(),
  );
}

/**
 * What a teacher sees of the work with the teacher's materials; the list of students only when one of these students is
 * in it, and whoever comes in or leaves later is told by that.
 */
export function tellAuthor(teacherId: number | undefined, studentIds: Iterable<number>, pupils: Pupils): Told[] {
  if (teacherId === undefined) return [];
  const isListed = [...studentIds].some((studentId) => isPupilOf(pupils, teacherId, studentId));
  return tell(
    'teacher',
    teacherId,
    platformKeys.teacherDashboard(),
    platformKeys.teacherMaterials(),
    ...(isListed ? [platformKeys.teacherStudents()] : []),
  );
}
