import { platformKeys } from '@querycast/platform-protocol';
import type { LookedAfter } from './guardians.js';
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

/** All that a teacher sees of the students' work with the teacher's materials. */
export function tellAuthor(teacherId: number | undefined): Told[] {
  return tell(
    'teacher',
    teacherId,
    platformKeys.teacherDashboard(),
    platformKeys.teacherMaterials(),
    platformKeys.teacherStudents(),
  );
}
