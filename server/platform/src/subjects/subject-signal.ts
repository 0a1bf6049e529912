import type { Signal } from '@querycast/server/postgres';
import { z } from 'zod';
import { queryAudience } from '../audience/audience-query.js';
import { rowChanges } from '../audience/row-images.js';
import { staleFor } from '../audience/told.js';

const image = z.object({ id: z.int(), name: z.string(), color: z.string() });

/**
 * Who is affected when subjects are renamed or recoloured: everyone whose reads show them. One that is new is in no read
 * yet, and one that is deleted leaves with rows that tell it themselves.
 */
export const subjectSignal: Signal = async (changes, pool) => {
  const edited = rowChanges(image, changes).flatMap(({ before, after }) => (before && after ? [after.id] : []));
  return staleFor(pool, await queryAudience(pool, SHOWS_SUBJECT, edited));
};

const SUBJECTS = 'ANY(ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::int))';

const SHOWS_SUBJECT = `
WITH lessons AS (
  SELECT e.student_id, e.teacher_id, p.parent_id, p.tutor_id
  FROM subject_enrollments e LEFT JOIN student_profiles p ON p.user_id = e.student_id
  WHERE e.is_active AND e.subject_id = ${SUBJECTS}
),
assigned AS (
  SELECT a.student_id, p.parent_id
  FROM materials m JOIN material_assignments a ON a.material_id = m.id
  LEFT JOIN student_profiles p ON p.user_id = a.student_id
  WHERE m.status = 'active' AND m.subject_id = ${SUBJECTS}
),
plans AS (
  SELECT s.teacher_id, s.student_id, p.parent_id, s.status
  FROM study_plans s LEFT JOIN student_profiles p ON p.user_id = s.student_id WHERE s.subject_id = ${SUBJECTS}
),
told AS (
  SELECT 'student' AS role, student_id AS viewer, root, NULL::int AS student
    FROM (SELECT student_id FROM lessons UNION SELECT student_id FROM assigned) AS students
    CROSS JOIN (VALUES ('student-dashboard'), ('student-materials'), ('student-progress')) AS keys (root)
  UNION SELECT 'parent', parent_id, 'parent-dashboard', NULL FROM lessons
  UNION SELECT 'parent', parent_id, root, student_id
    FROM lessons CROSS JOIN (VALUES ('parent-child-subjects'), ('student-progress')) AS keys (root)
  UNION SELECT 'parent', parent_id, 'student-progress', student_id FROM assigned
  UNION SELECT 'tutor', tutor_id, 'tutor-students', NULL FROM lessons
  UNION SELECT 'teacher', teacher_id, root, NULL
    FROM lessons CROSS JOIN (VALUES ('teacher-dashboard'), ('teacher-students')) AS keys (root)
  UNION SELECT 'teacher', author_id, 'teacher-materials', NULL FROM materials WHERE subject_id = ${SUBJECTS}
  UNION SELECT 'teacher', teacher_id, root, NULL
    FROM plans CROSS JOIN (VALUES ('study-plans'), ('teacher-dashboard')) AS keys (root)
  UNION SELECT 'student', student_id, root, NULL
    FROM plans CROSS JOIN (VALUES ('study-plans'), ('student-dashboard')) AS keys (root) WHERE status <> 'draft'
  UNION SELECT 'parent', parent_id, 'study-plans', student_id FROM plans WHERE status <> 'draft'
  UNION SELECT 'parent', parent_id, 'parent-dashboard', NULL FROM plans WHERE status <> 'draft'
)
SELECT role, viewer, root, student FROM told WHERE viewer IS NOT NULL`;
