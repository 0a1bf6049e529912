import { platformKeys } from '@querycast/platform-protocol';
import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { guardiansOf, type LookedAfter } from '../audience/guardians.js';
import { tellOfProgress, tellStudentOfProgress } from '../audience/of-student.js';
import { differs, imagesOf, type RowChange, rowChanges } from '../audience/row-images.js';
import { staleFor, type Told, tell } from '../audience/told.js';

const image = z.object({
  student_id: z.int(),
  subject_id: z.int(),
  teacher_id: z.int(),
  custom_subject_name: z.string().nullable(),
  is_active: z.boolean(),
  enrolled_at: z.string(),
});
type Image = z.output<typeof image>;

/** Who is affected when enrollments change; one that is not active before or after is shown to nobody. */
export const enrollmentSignal: Signal = async (changes, pool) => {
  const shown = rowChanges(image, changes).filter((change) => imagesOf(change).some((row) => row.is_active));
  const guardians = await guardiansOf(
    pool,
    shown.flatMap((change) => imagesOf(change).map((row) => row.student_id)),
  );
  const of = new Map(guardians.map((student) => [student.studentId, student]));
  return staleFor(
    pool,
    shown.flatMap((change) =>
      imagesOf(change).flatMap((row) => tellOf(change, row, of.get(row.student_id) ?? alone(row.student_id))),
    ),
  );
};

function tellOf(change: RowChange<Image>, row: Image, student: LookedAfter): Told[] {
  const { studentId, parentId, tutorId } = student;
  const isRenamed = differs(change, 'custom_subject_name');
  const subjects = [platformKeys.parentDashboard(), platformKeys.parentChildSubjects(studentId)];
  if (!differs(change, 'student_id', 'subject_id', 'teacher_id', 'is_active')) {
    return [
      ...tell('student', studentId, platformKeys.studentDashboard()),
      ...tell('parent', parentId, ...subjects),
      ...(isRenamed ? tell('tutor', tutorId, platformKeys.tutorStudents()) : []),
      ...(isRenamed ? tell('teacher', row.teacher_id, platformKeys.teacherStudents()) : []),
    ];
  }
  return [
    ...tellStudentOfProgress(studentId),
    ...tell('parent', parentId, ...subjects, platformKeys.parentChildren()),
    ...tellOfProgress([student]),
    ...tell(
      'teacher',
      row.teacher_id,
      platformKeys.teacherDashboard(),
      platformKeys.teacherStudents(),
      // With the lessons begins and ends the right to read them.
      platformKeys.studentReports(studentId),
    ),
  ];
}

/** A student without a profile. */
function alone(studentId: number): LookedAfter {
  return { studentId, parentId: null, tutorId: null };
}
