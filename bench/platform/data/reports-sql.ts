import type { Sizes } from './sizes.js';

const SUMMARY = `repeat('Worked steadily, asked good questions, and was ahead of the plan by the end of the week. ', 4)`;

/** The three kinds of reports, as many of each, one in ten of them a draft. */
export function reportsSql({ reports }: Sizes): string[] {
  return [
    `INSERT INTO tutor_weekly_reports (tutor_id, parent_id, student_id, week_start_date, summary, status, sent_at)
     SELECT tutor_id, parent_id, user_id, ${week()}, ${SUMMARY}, status, ${sentAt()}
     FROM (SELECT *, CASE WHEN (user_id + week) % 10 = 0 THEN 'draft' WHEN user_id % 2 = 0 THEN 'read' ELSE 'sent' END AS status
       FROM student_profiles, generate_series(0, 3) AS week ORDER BY md5(user_id || ' tutor ' || week)
       LIMIT ${reports}) AS written`,
    `INSERT INTO teacher_weekly_reports (teacher_id, tutor_id, student_id, week_start_date, summary, status, sent_at)
     SELECT teacher_id, tutor_id, student_id, ${week()}, ${SUMMARY}, status, ${sentAt()} FROM (${lessons('weekly', reports)}) AS written`,
    `INSERT INTO student_reports (teacher_id, parent_id, student_id, title, content, status, sent_at)
     SELECT teacher_id, parent_id, student_id, 'How the term went, part ' || week, ${SUMMARY}, status, ${sentAt()}
     FROM (${lessons('term', reports)}) AS written`,
  ];
}

/** So many weeks of so many lessons, of which no two are the same, with whom the student belongs to. */
function lessons(salt: string, count: number): string {
  return `SELECT teacher_id, student_id, parent_id, tutor_id, week,
      CASE WHEN (student_id + week) % 10 = 0 THEN 'draft' ELSE 'sent' END AS status
    FROM (SELECT DISTINCT teacher_id, student_id FROM subject_enrollments WHERE is_active) AS lesson
    JOIN student_profiles ON user_id = student_id CROSS JOIN generate_series(0, 1) AS week
    ORDER BY md5(teacher_id || ' ' || student_id || ' ${salt} ' || week) LIMIT ${count}`;
}

function week(): string {
  return 'current_date - week * 7';
}

function sentAt(): string {
  return `CASE WHEN status <> 'draft' THEN now() - week * interval '7 days' END`;
}
