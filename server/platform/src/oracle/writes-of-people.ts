/** Valid writes through the API: by tutors, administrators, and everybody about themselves. */
import { sql } from 'drizzle-orm';
import { openSessions, PEOPLE } from './world.js';
import { actors, pick, rowsOf, send, type Write } from './world-access.js';

const LESSONS = sql`SELECT ts.subject_id AS subject, ts.teacher_id AS teacher
  FROM teacher_subjects ts JOIN users u ON u.id = ts.teacher_id WHERE u.is_active ORDER BY 1, 2`;

const TUTEES = sql`SELECT p.tutor_id AS tutor, p.user_id AS student FROM student_profiles p
  JOIN users u ON u.id = p.tutor_id WHERE u.is_active ORDER BY 2`;

const PARENTS = sql`SELECT id FROM users WHERE role = 'parent' AND is_active ORDER BY id`;

const assign: Write = async (scene, { a, b }) => {
  const tutee = pick(await rowsOf(scene.db, TUTEES, 'tutor', 'student'), a);
  const lesson = pick(await rowsOf(scene.db, LESSONS, 'subject', 'teacher'), b);
  if (!tutee || !lesson) return false;
  const body = { subjectId: lesson.subject, teacherId: lesson.teacher };
  await send(scene, tutee.tutor, `POST /api/tutor/students/${tutee.student}/subjects`, body);
  return true;
};

const assignMany: Write = async (scene, { a, b, c }) => {
  const tutee = pick(await rowsOf(scene.db, TUTEES, 'tutor', 'student'), a);
  const lessons = await rowsOf(scene.db, LESSONS, 'subject', 'teacher');
  const subjects = lessons
    .filter((_, index) => index % 2 === b % 2 || index === c % 4)
    .map(({ subject, teacher }) => ({ subjectId: subject, teacherId: teacher }));
  if (!tutee || subjects.length === 0) return false;
  await send(scene, tutee.tutor, `POST /api/tutor/students/${tutee.student}/subjects/bulk`, { subjects });
  return true;
};

const unassign: Write = async (scene, { a }) => {
  const enrollments = sql`SELECT p.tutor_id AS tutor, e.student_id AS student, e.id FROM subject_enrollments e
    JOIN student_profiles p ON p.user_id = e.student_id JOIN users u ON u.id = p.tutor_id
    WHERE e.is_active AND u.is_active ORDER BY e.id`;
  const row = pick(await rowsOf(scene.db, enrollments, 'tutor', 'student', 'id'), a);
  if (!row) return false;
  await send(scene, row.tutor, `DELETE /api/tutor/students/${row.student}/subjects/${row.id}`);
  return true;
};

const editStudent: Write = async (scene, { a, b, c }) => {
  const tutee = pick(await rowsOf(scene.db, TUTEES, 'tutor', 'student'), a);
  const parents = await rowsOf(scene.db, PARENTS, 'id');
  if (!tutee) return false;
  const fields = [
    { grade: 1 + (c % 12) },
    { goal: `Goal ${c}` },
    { parentId: pick([null, ...parents.map(({ id }) => id)], c) ?? null },
    { grade: 1 + (c % 12), goal: `Goal ${c}` },
  ];
  await send(scene, tutee.tutor, `PATCH /api/tutor/students/${tutee.student}`, pick(fields, b));
  return true;
};

const createStudent: Write = async (scene, { a, b, c }) => {
  const tutor = pick(await actors(scene, 'tutor'), a);
  const [counted] = await rowsOf(scene.db, sql`SELECT count(*) AS students FROM student_profiles`, 'students');
  const parent = pick(await rowsOf(scene.db, PARENTS, 'id'), b);
  // Each adds reads to every later step.
  if (!tutor || (counted?.students ?? 0) >= 6) return false;
  const person = (name: string) => ({ firstName: name, lastName: 'New', password: 'oracle-oracle' });
  await send(
    scene,
    tutor,
    'POST /api/tutor/students',
    {
      ...person('Student'),
      email: `student-${a}-${b}-${c}@oracle.test`,
      grade: 3,
      ...(parent && c % 2 === 0
        ? { parentId: parent.id }
        : { parent: { ...person('Parent'), email: `parent-${a}-${b}-${c}@oracle.test` } }),
    },
    [400],
  );
  return true;
};

const renameSelf: Write = async (scene, { a, b, c }) => {
  const person = pick(PEOPLE, a);
  const active = person && (await actors(scene, person.role)).includes(person.id);
  if (!person || !active) return false;
  const names = [
    { firstName: `First${c}` },
    { lastName: `Last${c}` },
    { firstName: `First${c}`, lastName: `Last${b}` },
  ];
  await send(scene, person.id, 'PATCH /api/auth/me', pick(names, b));
  return true;
};

const switchAccount: Write = async (scene, { a, b }) => {
  const [admin] = await actors(scene, 'admin');
  const accounts = sql`SELECT id, is_active::int AS active FROM users WHERE role <> 'admin' AND id < 1000 ORDER BY id`;
  const people = await rowsOf(scene.db, accounts, 'id', 'active');
  // Mostly back again, or soon nobody would be left to act.
  const away = people.filter(({ active }) => active === 0);
  const person = away.length > 0 && b % 4 > 0 ? pick(away, a) : pick(people, a);
  if (!admin || !person) return false;
  await send(scene, admin, `PATCH /api/admin/users/${person.id}`, { isActive: person.active === 0 });
  if (person.active === 0) await openSessions(scene.db, [person.id]);
  return true;
};

/** By name, with how often each is drawn. */
export const writesOfPeople: Readonly<Record<string, { readonly weight: number; readonly write: Write }>> = {
  assign: { weight: 6, write: assign },
  assignMany: { weight: 2, write: assignMany },
  unassign: { weight: 4, write: unassign },
  editStudent: { weight: 6, write: editStudent },
  createStudent: { weight: 1, write: createStudent },
  renameSelf: { weight: 4, write: renameSelf },
  switchAccount: { weight: 2, write: switchAccount },
};
