import { firstIdsOf } from './ids.js';
import type { Sizes } from './sizes.js';

const FIRST_NAMES = `ARRAY['Anna', 'Boris', 'Clara', 'Daniil', 'Elena', 'Fedor', 'Galina', 'Hugo', 'Irina', 'Jakob',
  'Ksenia', 'Leonid', 'Maria', 'Nikolai', 'Olga', 'Pavel']`;
const LAST_NAMES = `ARRAY['Adler', 'Belov', 'Conrad', 'Dietrich', 'Egorov', 'Fischer', 'Gromov', 'Hoffmann', 'Ivanova',
  'Jansen', 'Krause', 'Lebedev', 'Morozova']`;

/** Who is there, and who belongs to whom: statements that are run in this order. */
export function peopleSql(sizes: Sizes): string[] {
  const first = firstIdsOf(sizes);
  const people = (role: string, from: number, count: number) => `
    INSERT INTO users (id, email, password_hash, role, first_name, last_name)
    SELECT id, '${role}' || id || '@bench.test', 'none', '${role}',
      (${FIRST_NAMES})[1 + id % 16], (${LAST_NAMES})[1 + id / 16 % 13]
    FROM generate_series(${from}, ${from + count - 1}) AS id`;
  return [
    people('teacher', first.teacher, sizes.teachers),
    people('tutor', first.tutor, sizes.tutors),
    people('parent', first.parent, sizes.parents),
    people('student', first.student, sizes.students),
    `INSERT INTO sessions (id, user_id, expires_at) SELECT 'bench-' || id, id, now() + interval '1 day' FROM users`,
    // Whoever has no parent left becomes a second child, of a parent whose first child has other teachers.
    `INSERT INTO student_profiles (user_id, parent_id, tutor_id, grade, goal)
     SELECT ${first.student} + n,
       ${first.parent} + CASE WHEN n < ${sizes.parents} THEN n ELSE ((n - ${sizes.parents}) * 7 + 3) % ${sizes.parents} END,
       ${first.tutor} + n % ${sizes.tutors}, 1 + n % 11, 'Be among the best five of the class by the summer'
     FROM generate_series(0, ${sizes.students - 1}) AS n ORDER BY md5(n::text)`,
    `INSERT INTO subjects (id, name, color, description)
     SELECT n, 'Subject ' || n, '#' || lpad(to_hex(n * 797003 % 16777216), 6, '0'), 'What the school teaches as number ' || n
     FROM generate_series(1, ${sizes.subjects}) AS n`,
    `INSERT INTO teacher_subjects (teacher_id, subject_id)
     SELECT ${first.teacher} + n, ${subjectOf('n', 'p', sizes)}
     FROM generate_series(0, ${sizes.teachers - 1}) AS n, generate_series(0, 1) AS p`,
    enrollmentsSql(sizes),
    `SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT max(id) FROM users)),
       setval(pg_get_serial_sequence('subjects', 'id'), (SELECT max(id) FROM subjects))`,
  ];
}

/** The subject that the teacher of number `n` teaches as first (`p` = 0) or second one. */
export function subjectOf(n: string, p: string, { subjects }: Sizes): string {
  return `1 + (${n} + ${p} * 7) % ${subjects}`;
}

/**
 * Two or three lessons for each student and, for one in ten, a former one. One student in ten, of every tutor alike, has
 * the first lesson with the big teacher; everything else is spread evenly over the other teachers.
 */
function enrollmentsSql(sizes: Sizes): string {
  const first = firstIdsOf(sizes);
  const others = sizes.teachers - 1;
  // No student has the same teacher twice.
  const apart = Math.floor(others / 4);
  return `
    INSERT INTO subject_enrollments (student_id, subject_id, teacher_id, assigned_by, is_active, enrolled_at)
    SELECT ${first.student} + n, ${subjectOf('teacher', 'n % 2', sizes)}, ${first.teacher} + teacher,
      ${first.tutor} + n % ${sizes.tutors}, slot < 3, now() - (n % 300) * interval '1 day'
    FROM generate_series(0, ${sizes.students - 1}) AS n, generate_series(0, 3) AS slot,
      LATERAL (SELECT CASE WHEN slot = 0 AND n / ${sizes.tutors} % 10 = 0 THEN 0
        ELSE 1 + (n + slot * ${apart}) % ${others} END AS teacher) AS chosen
    WHERE slot < 2 OR (slot = 2 AND n % 2 = 0) OR (slot = 3 AND n % 10 = 3)
    ORDER BY md5(n || ' ' || slot)
    ON CONFLICT DO NOTHING`;
}
