import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { queryAudience } from '../audience/audience-query.js';
import { rowChanges } from '../audience/row-images.js';
import { staleFor, type Told, tell } from '../audience/told.js';
import { liveReads } from '../dashboards/live-reads.js';

const image = z.object({
  id: z.int(),
  role: z.enum(['parent', 'student', 'teacher', 'tutor', 'admin']),
  first_name: z.string(),
  last_name: z.string(),
  is_active: z.boolean(),
});

type Image = z.output<typeof image>;

/**
 * Who is affected when people change their names, or are deactivated: everyone whose reads show that. Whoever is new is
 * in no read yet, and whoever is deleted leaves with rows that tell it themselves. Somebody who is active again, or in
 * another role, was told nothing meanwhile and is told everything now; of somebody new under the id of a former person nothing may be cached.
 */
export const userSignal: Signal = async (changes, pool) => {
  const people = rowChanges(image, changes);
  const edits = people.flatMap(({ before, after }) => (before && after ? [{ before, after }] : []));
  const renamed = edits.filter(
    ({ before, after }) => before.first_name !== after.first_name || before.last_name !== after.last_name,
  );
  const switched = edits.filter(({ before, after }) => before.is_active !== after.is_active);
  const ids = (some: typeof edits) => some.map(({ after }) => after.id);
  const ofNames = await queryAudience(pool, SHOWS_NAME, ids(renamed));
  const ofAccounts = await queryAudience(pool, SHOWS_ACCOUNT, ids(switched));
  const returned = edits
    .filter(({ before, after }) => after.is_active && (!before.is_active || before.role !== after.role))
    .flatMap(({ after }) => tellEverything(after));
  const added = people.flatMap(({ before, after }) => (!before && after ? tellEverything(after) : []));
  return staleFor(pool, [...ofNames, ...ofAccounts, ...returned], added);
};

/** All that somebody reads, about every student. */
function tellEverything({ id, role }: Image): Told[] {
  if (role === 'admin') return [];
  return tell(role, id, ...liveReads.filter((read) => read.role === role).map(({ root }) => [root] as const));
}

const PEOPLE = 'ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))';

/** Lists show whether a student's account is active. */
const SHOWS_ACCOUNT = `
SELECT 'parent' AS role, parent_id AS viewer, 'parent-children' AS root, NULL::int AS student
FROM student_profiles WHERE parent_id IS NOT NULL AND user_id = ${PEOPLE}
UNION SELECT 'tutor', tutor_id, 'tutor-students', NULL
FROM student_profiles WHERE tutor_id IS NOT NULL AND user_id = ${PEOPLE}
UNION SELECT 'teacher', teacher_id, 'teacher-students', NULL
FROM subject_enrollments WHERE is_active AND student_id = ${PEOPLE}`;

/** Whoever sees the name, by what the person is to them. */
const SHOWS_NAME = `
WITH own AS (
  SELECT role, id AS viewer, role || '-dashboard' AS root, NULL::int AS student
  FROM users WHERE role <> 'admin' AND id = ${PEOPLE}
),
of_students AS (
  SELECT user_id, parent_id, tutor_id FROM student_profiles WHERE user_id = ${PEOPLE}
),
of_tutors AS (
  SELECT user_id, parent_id FROM student_profiles WHERE tutor_id = ${PEOPLE}
),
lessons AS (
  SELECT DISTINCT student_id, teacher_id FROM subject_enrollments WHERE is_active AND teacher_id = ${PEOPLE}
),
plans_received AS (
  SELECT DISTINCT student_id FROM study_plans WHERE status <> 'draft' AND teacher_id = ${PEOPLE}
),
materials_received AS (
  SELECT DISTINCT a.student_id FROM material_assignments a JOIN materials m ON m.id = a.material_id
  WHERE m.status = 'active' AND m.author_id = ${PEOPLE}
),
tutor_reports AS (
  SELECT tutor_id, CASE WHEN status <> 'draft' THEN parent_id END AS parent_id, tutor_id = ${PEOPLE} AS by_author
  FROM tutor_weekly_reports WHERE student_id = ${PEOPLE} OR parent_id = ${PEOPLE} OR tutor_id = ${PEOPLE}
),
teacher_reports AS (
  SELECT teacher_id, CASE WHEN status <> 'draft' THEN tutor_id END AS tutor_id
  FROM teacher_weekly_reports WHERE student_id = ${PEOPLE} OR tutor_id = ${PEOPLE} OR teacher_id = ${PEOPLE}
),
student_reports_by AS (
  SELECT teacher_id, student_id, CASE WHEN status <> 'draft' THEN parent_id END AS parent_id
  FROM student_reports WHERE teacher_id = ${PEOPLE}
),
told AS (
  SELECT * FROM own
  -- a student
  UNION SELECT 'parent', parent_id, root, NULL
    FROM of_students CROSS JOIN (VALUES ('parent-dashboard'), ('parent-children')) AS keys (root)
  UNION SELECT 'tutor', tutor_id, root, NULL
    FROM of_students CROSS JOIN (VALUES ('tutor-dashboard'), ('tutor-students')) AS keys (root)
  UNION SELECT 'teacher', teacher_id, root, NULL
    FROM subject_enrollments CROSS JOIN (VALUES ('teacher-dashboard'), ('teacher-students')) AS keys (root)
    WHERE is_active AND student_id = ${PEOPLE}
  UNION SELECT 'teacher', teacher_id, root, NULL
    FROM study_plans CROSS JOIN (VALUES ('study-plans'), ('teacher-dashboard')) AS keys (root)
    WHERE student_id = ${PEOPLE}
  UNION SELECT 'teacher', m.author_id, 'teacher-materials', NULL
    FROM material_assignments a JOIN materials m ON m.id = a.material_id WHERE a.student_id = ${PEOPLE}
  -- a parent
  UNION SELECT 'tutor', tutor_id, 'tutor-students', NULL FROM student_profiles WHERE parent_id = ${PEOPLE}
  -- a tutor
  UNION SELECT 'student', user_id, 'student-dashboard', NULL FROM of_tutors
  UNION SELECT 'parent', parent_id, root, NULL
    FROM of_tutors CROSS JOIN (VALUES ('parent-dashboard'), ('parent-children')) AS keys (root)
  -- a teacher
  UNION SELECT 'student', student_id, root, NULL
    FROM lessons CROSS JOIN (VALUES ('student-dashboard'), ('student-materials'), ('student-progress')) AS keys (root)
  UNION SELECT 'parent', parent_id, 'parent-dashboard', NULL
    FROM lessons JOIN student_profiles ON user_id = student_id
  UNION SELECT 'parent', parent_id, root, student_id
    FROM lessons JOIN student_profiles ON user_id = student_id
    CROSS JOIN (VALUES ('parent-child-subjects'), ('student-progress')) AS keys (root)
  UNION SELECT 'tutor', tutor_id, 'tutor-students', NULL FROM lessons JOIN student_profiles ON user_id = student_id
  UNION SELECT 'student', student_id, 'study-plans', NULL FROM plans_received
  UNION SELECT 'parent', parent_id, 'study-plans', student_id
    FROM plans_received JOIN student_profiles ON user_id = student_id
  UNION SELECT 'student', student_id, 'student-materials', NULL FROM materials_received
  -- a name in a report
  UNION SELECT 'tutor', tutor_id, 'tutor-weekly-reports', NULL FROM tutor_reports
  UNION SELECT 'parent', parent_id, 'tutor-weekly-reports', NULL FROM tutor_reports
  UNION SELECT 'parent', parent_id, 'parent-dashboard', NULL FROM tutor_reports WHERE by_author
  UNION SELECT 'teacher', teacher_id, 'teacher-weekly-reports', NULL FROM teacher_reports
  UNION SELECT 'tutor', tutor_id, 'teacher-weekly-reports', NULL FROM teacher_reports
  UNION SELECT 'teacher', teacher_id, 'student-reports', student_id FROM student_reports_by
  UNION SELECT 'parent', parent_id, 'student-reports', student_id FROM student_reports_by
  UNION SELECT 'parent', parent_id, 'parent-dashboard', NULL FROM student_reports_by
)
SELECT role, viewer, root, student FROM told WHERE viewer IS NOT NULL`;
