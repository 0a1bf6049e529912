import { firstIdsOf } from './ids.js';
import { subjectOf } from './people-sql.js';
import type { Sizes } from './sizes.js';

/** What is taught and how far everybody has come: statements that are run in this order. */
export function learningSql(sizes: Sizes): string[] {
  const { teacher } = firstIdsOf(sizes);
  return [
    // Per subject of a teacher four that are active, one archived and one draft.
    `INSERT INTO materials (author_id, subject_id, title, type, status)
     SELECT ${teacher} + n, ${subjectOf('n', 'p', sizes)}, 'Chapter ' || m || ': what everybody should know by heart',
       (ARRAY['lesson', 'video', 'exercise', 'test'])[1 + m % 4],
       CASE m WHEN 4 THEN 'archived' WHEN 5 THEN 'draft' ELSE 'active' END
     FROM generate_series(0, ${sizes.teachers - 1}) AS n, generate_series(0, 1) AS p, generate_series(0, 5) AS m
     ORDER BY md5(n || ' ' || p || ' ' || m)`,
    // In the order of chance, like all that follows: in life, rows of one student do not lie side by side either.
    `INSERT INTO material_assignments (material_id, student_id, assigned_at)
     SELECT m.id, e.student_id, now() - (m.id % 90) * interval '1 day'
     FROM subject_enrollments e JOIN materials m ON m.author_id = e.teacher_id AND m.subject_id = e.subject_id
     WHERE e.is_active AND m.status <> 'draft'
     ORDER BY md5(e.id || ' ' || m.id)
     ON CONFLICT DO NOTHING`,
    `INSERT INTO material_progress (student_id, material_id, progress_percentage, time_spent_minutes, is_completed)
     SELECT student_id, material_id, percentage, 5 + percentage, percentage = 100
     FROM (SELECT student_id, material_id, least(100, (student_id * 31 + material_id * 17) % 130) AS percentage
       FROM material_assignments ORDER BY md5(material_id || ' ' || student_id) LIMIT ${sizes.progressRows}) AS begun`,
    `INSERT INTO study_plans (teacher_id, student_id, subject_id, enrollment_id, title, content, week_start_date, status, sent_at)
     SELECT teacher_id, student_id, subject_id, id, 'Week ' || week || ': on the way to the next test',
       repeat('Read the chapter twice, solve the exercises, and explain one of them to somebody else. ', 5),
       current_date - week * 7, status, CASE WHEN status <> 'draft' THEN now() - week * interval '7 days' END
     FROM (SELECT e.*, week, (ARRAY['draft', 'archived', 'archived', 'sent', 'sent', 'sent', 'sent', 'sent'])[1 + (e.id + week) % 8]
         AS status
       FROM subject_enrollments e, generate_series(0, 3) AS week ORDER BY md5(e.id || ' plan ' || week)
       LIMIT ${sizes.studyPlans}) AS planned`,
  ];
}
