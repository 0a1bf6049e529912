import { platformKeys } from '@querycast/platform-protocol';
import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { queryAudience } from '../audience/audience-query.js';
import { differs, imagesOf, type RowChange, rowChanges } from '../audience/row-images.js';
import { staleFor, type Told, tell } from '../audience/told.js';

const image = z.object({
  user_id: z.int(),
  parent_id: z.int().nullable(),
  tutor_id: z.int().nullable(),
  grade: z.int(),
  goal: z.string(),
});
type Image = z.output<typeof image>;

/**
 * Who is affected when profiles change: parents and tutors of before and of after, as the rows name them. A student who
 * was deleted is in no table any more, so nobody else could tell them.
 */
export const studentProfileSignal: Signal = async (changes, pool) => {
  const profiles = rowChanges(image, changes);
  const told = profiles.flatMap((change) => imagesOf(change).flatMap((row) => tellOf(change, row)));
  const taught = profiles.filter((change) => differs(change, 'grade', 'goal')).flatMap(studentsOf);
  const moved = profiles.filter((change) => differs(change, 'parent_id'));
  const handedOver = profiles.filter((change) => differs(change, 'tutor_id'));
  const parents = new Set(moved.flatMap((change) => imagesOf(change).map(({ parent_id }) => parent_id)));
  const tutors = new Set(handedOver.flatMap((change) => imagesOf(change).map(({ tutor_id }) => tutor_id)));
  const teachers = await queryAudience(pool, TEACHERS, taught);
  const ofParents = await queryAudience(pool, ADDRESSED_PARENTS, moved.flatMap(studentsOf));
  const ofTutors = await queryAudience(pool, ADDRESSED_TUTORS, handedOver.flatMap(studentsOf));
  return staleFor(pool, [
    ...told,
    ...teachers,
    ...ofParents.filter(({ userId }) => parents.has(userId)),
    ...ofTutors.filter(({ userId }) => tutors.has(userId)),
  ]);
};

function studentsOf(change: RowChange<Image>): number[] {
  return imagesOf(change).map(({ user_id }) => user_id);
}

function tellOf(change: RowChange<Image>, { user_id: studentId, parent_id, tutor_id }: Image): Told[] {
  const isInForm = differs(change, 'grade', 'goal');
  const hasMoved = differs(change, 'parent_id');
  const hasNewTutor = differs(change, 'tutor_id');
  const told: Told[] = [];
  if (isInForm || hasNewTutor) told.push(...tell('student', studentId, platformKeys.studentDashboard()));
  told.push(...tell('parent', parent_id, platformKeys.parentDashboard(), platformKeys.parentChildren()));
  if (hasMoved) {
    told.push(
      ...tell(
        'parent',
        parent_id,
        platformKeys.parentChildSubjects(studentId),
        platformKeys.childProgress(studentId),
        platformKeys.childStudyPlans(studentId),
        platformKeys.studentReports(studentId),
      ),
    );
  }
  told.push(...tell('tutor', tutor_id, platformKeys.tutorStudents()));
  if (isInForm || hasNewTutor) told.push(...tell('tutor', tutor_id, platformKeys.tutorDashboard()));
  return told;
}

const STUDENTS = 'ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))';

const TEACHERS = `
SELECT DISTINCT 'teacher' AS role, teacher_id AS viewer, 'teacher-students' AS root, NULL::int AS student
FROM subject_enrollments WHERE is_active AND student_id = ${STUDENTS}`;

/** Whoever was sent a report reads it while the student is theirs. */
const ADDRESSED_PARENTS = `
SELECT DISTINCT 'parent' AS role, parent_id AS viewer, 'tutor-weekly-reports' AS root, NULL::int AS student
FROM tutor_weekly_reports WHERE status <> 'draft' AND parent_id IS NOT NULL AND student_id = ${STUDENTS}`;

const ADDRESSED_TUTORS = `
SELECT DISTINCT 'tutor' AS role, tutor_id AS viewer, 'teacher-weekly-reports' AS root, NULL::int AS student
FROM teacher_weekly_reports WHERE status <> 'draft' AND tutor_id IS NOT NULL AND student_id = ${STUDENTS}`;
