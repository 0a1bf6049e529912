/** Valid writes through the API around lessons: plans, materials, progress and reports. */
import { sql } from 'drizzle-orm';
import { pick, rowsOf, type Scene, send, type Write } from './world-access.js';

const WEEKS = ['2026-09-07', '2026-09-14', '2026-09-21', '2026-09-28'];

const lessonsOf = ({ db }: Scene) =>
  rowsOf(
    db,
    sql`SELECT e.teacher_id AS teacher, e.student_id AS student, e.subject_id AS subject FROM subject_enrollments e
      JOIN users u ON u.id = e.teacher_id WHERE e.is_active AND u.is_active ORDER BY e.id`,
    'teacher',
    'student',
    'subject',
  );

const plansOf = ({ db }: Scene, statuses: string) =>
  rowsOf(
    db,
    sql`SELECT p.id, p.teacher_id AS teacher FROM study_plans p JOIN users u ON u.id = p.teacher_id
      WHERE u.is_active AND p.status = ANY(string_to_array(${statuses}, ',')) ORDER BY p.id`,
    'id',
    'teacher',
  );

const materialsOf = ({ db }: Scene) =>
  rowsOf(
    db,
    sql`SELECT m.id, m.author_id AS author, (m.status = 'draft')::int AS draft FROM materials m
      JOIN users u ON u.id = m.author_id WHERE u.is_active ORDER BY m.id`,
    'id',
    'author',
    'draft',
  );

const createPlan: Write = async (scene, { a, b, c }) => {
  const lesson = pick(await lessonsOf(scene), a);
  if (!lesson) return false;
  await send(scene, lesson.teacher, 'POST /api/teacher/study-plans', {
    studentId: lesson.student,
    subjectId: lesson.subject,
    title: `Plan ${c}`,
    content: `What to do in week ${c}`,
    weekStartDate: pick(WEEKS, b),
    ...(b % 3 > 0 && { status: b % 3 === 1 ? 'draft' : 'sent' }),
  });
  return true;
};

const editPlan: Write = async (scene, { a, b, c }) => {
  const plan = pick(await plansOf(scene, 'draft'), a);
  if (!plan) return false;
  const edits = [
    { title: `Plan ${c}` },
    { content: `What to do in week ${c}` },
    { weekStartDate: pick(WEEKS, c) },
    { status: 'sent' },
    { title: `Plan ${c}`, status: 'sent' },
  ];
  // The lessons may have ended.
  await send(scene, plan.teacher, `PATCH /api/teacher/study-plans/${plan.id}`, pick(edits, b), [409]);
  return true;
};

const sendPlan: Write = async (scene, { a }) => {
  const plan = pick(await plansOf(scene, 'draft'), a);
  if (!plan) return false;
  await send(scene, plan.teacher, `POST /api/teacher/study-plans/${plan.id}/send`, undefined, [409]);
  return true;
};

const archivePlan: Write = async (scene, { a }) => {
  const plan = pick(await plansOf(scene, 'sent'), a);
  if (!plan) return false;
  await send(scene, plan.teacher, `PATCH /api/teacher/study-plans/${plan.id}`, { status: 'archived' });
  return true;
};

const deletePlan: Write = async (scene, { a }) => {
  const plan = pick(await plansOf(scene, 'draft,sent,archived'), a);
  if (!plan) return false;
  await send(scene, plan.teacher, `DELETE /api/teacher/study-plans/${plan.id}`);
  return true;
};

const createMaterial: Write = async (scene, { a, b, c }) => {
  const taught = sql`SELECT ts.teacher_id AS teacher, ts.subject_id AS subject FROM teacher_subjects ts
    JOIN users u ON u.id = ts.teacher_id WHERE u.is_active ORDER BY 1, 2`;
  const lesson = pick(await rowsOf(scene.db, taught, 'teacher', 'subject'), a);
  const [counted] = await rowsOf(scene.db, sql`SELECT count(*) AS materials FROM materials`, 'materials');
  if (!lesson || (counted?.materials ?? 0) > 12) return false;
  await send(scene, lesson.teacher, 'POST /api/teacher/materials', {
    subjectId: lesson.subject,
    title: `Material ${c}`,
    type: pick(['lesson', 'video', 'exercise', 'test'], c),
    ...(b % 2 === 0 && { status: 'active' }),
  });
  return true;
};

const editMaterial: Write = async (scene, { a, b, c }) => {
  const material = pick(await materialsOf(scene), a);
  if (!material) return false;
  const taught = sql`SELECT subject_id AS subject FROM teacher_subjects WHERE teacher_id = ${material.author} ORDER BY 1`;
  const subject = pick(await rowsOf(scene.db, taught, 'subject'), c)?.subject;
  const edits = [
    { title: `Material ${c}` },
    { type: pick(['lesson', 'video', 'exercise', 'test'], c) },
    { status: 'active' },
    { status: 'archived' },
    subject === undefined ? { title: `Material ${b}` } : { subjectId: subject },
  ];
  await send(scene, material.author, `PATCH /api/teacher/materials/${material.id}`, pick(edits, b));
  return true;
};

const assignMaterial: Write = async (scene, { a, b }) => {
  const material = pick(await materialsOf(scene), a);
  if (!material) return false;
  const lessons = (await lessonsOf(scene)).filter(({ teacher }) => teacher === material.author);
  const students = [...new Set(lessons.map(({ student }) => student))];
  const studentIds = students.filter((_, index) => (b >> index) % 2 === 1);
  await send(scene, material.author, `PUT /api/teacher/materials/${material.id}/assignments`, { studentIds });
  return true;
};

const deleteMaterial: Write = async (scene, { a }) => {
  const material = pick(await materialsOf(scene), a);
  if (!material) return false;
  await send(scene, material.author, `DELETE /api/teacher/materials/${material.id}`);
  return true;
};

const reportProgress: Write = async (scene, { a, b, c }) => {
  const assigned = sql`SELECT x.student_id AS student, x.material_id AS material FROM material_assignments x
    JOIN materials m ON m.id = x.material_id JOIN users u ON u.id = x.student_id
    WHERE m.status = 'active' AND u.is_active ORDER BY 1, 2`;
  const rows = await rowsOf(scene.db, assigned, 'student', 'material');
  const row = pick(
    rows.filter(({ student }) => scene.tokens.has(student)),
    a,
  );
  if (!row) return false;
  const body = { progressPercentage: c % 5 === 0 ? 100 : c % 101, timeSpentMinutes: b % 60 };
  await send(scene, row.student, `POST /api/student/materials/${row.material}/progress`, body);
  return true;
};

const weeklyReports = (scene: Scene, table: 'tutor_weekly_reports' | 'teacher_weekly_reports', author: string) =>
  rowsOf(
    scene.db,
    sql`SELECT r.id, r.${sql.raw(author)} AS author FROM ${sql.raw(table)} r
      JOIN users u ON u.id = r.${sql.raw(author)} WHERE u.is_active AND r.status = 'draft' ORDER BY r.id`,
    'id',
    'author',
  );

const writeTutorReport: Write = async (scene, { a, b, c }) => {
  const drafts = await weeklyReports(scene, 'tutor_weekly_reports', 'tutor_id');
  const draft = pick(drafts, a);
  if (draft && b % 3 === 1) {
    await send(scene, draft.author, `PATCH /api/tutor-weekly-reports/${draft.id}`, { summary: `Week ${c}` });
    return true;
  }
  if (draft && b % 3 === 2) {
    // The student may have no parent, or another tutor by now.
    await send(scene, draft.author, `POST /api/tutor-weekly-reports/${draft.id}/send`, undefined, [404, 409]);
    return true;
  }
  const tutees = sql`SELECT p.tutor_id AS tutor, p.user_id AS student FROM student_profiles p
    JOIN users u ON u.id = p.tutor_id WHERE u.is_active ORDER BY 2`;
  const tutee = pick(await rowsOf(scene.db, tutees, 'tutor', 'student'), a);
  if (!tutee) return false;
  const body = { studentId: tutee.student, weekStartDate: pick(WEEKS, c), summary: `Week ${c}` };
  await send(scene, tutee.tutor, 'POST /api/tutor-weekly-reports', body, [409]);
  return true;
};

const readTutorReport: Write = async (scene, { a }) => {
  const received = sql`SELECT r.id, r.parent_id AS parent FROM tutor_weekly_reports r
    JOIN student_profiles p ON p.user_id = r.student_id AND p.parent_id = r.parent_id
    JOIN users u ON u.id = r.parent_id WHERE u.is_active AND r.status <> 'draft' ORDER BY r.id`;
  const rows = await rowsOf(scene.db, received, 'id', 'parent');
  const row = pick(
    rows.filter(({ parent }) => scene.tokens.has(parent)),
    a,
  );
  if (!row) return false;
  await send(scene, row.parent, `POST /api/tutor-weekly-reports/${row.id}/read`);
  return true;
};

const writeTeacherReport: Write = async (scene, { a, b, c }) => {
  const draft = pick(await weeklyReports(scene, 'teacher_weekly_reports', 'teacher_id'), a);
  if (draft && b % 3 === 1) {
    await send(scene, draft.author, `PATCH /api/teacher-weekly-reports/${draft.id}`, { summary: `Week ${c}` });
    return true;
  }
  if (draft && b % 3 === 2) {
    await send(scene, draft.author, `POST /api/teacher-weekly-reports/${draft.id}/send`, undefined, [404, 409]);
    return true;
  }
  const lesson = pick(await lessonsOf(scene), a);
  if (!lesson) return false;
  const body = { studentId: lesson.student, weekStartDate: pick(WEEKS, c), summary: `Week ${c}` };
  await send(scene, lesson.teacher, 'POST /api/teacher-weekly-reports', body, [409]);
  return true;
};

const writeStudentReport: Write = async (scene, { a, b, c }) => {
  const drafts = sql`SELECT r.id, r.teacher_id AS teacher FROM student_reports r JOIN users u ON u.id = r.teacher_id
    WHERE u.is_active AND r.status = 'draft' ORDER BY r.id`;
  const draft = pick(await rowsOf(scene.db, drafts, 'id', 'teacher'), a);
  if (draft && b % 3 === 1) {
    await send(scene, draft.teacher, `PATCH /api/teacher/student-reports/${draft.id}`, { title: `Report ${c}` });
    return true;
  }
  if (draft && b % 3 === 2) {
    await send(scene, draft.teacher, `POST /api/teacher/student-reports/${draft.id}/send`, undefined, [404, 409]);
    return true;
  }
  const lesson = pick(await lessonsOf(scene), a);
  if (!lesson) return false;
  const body = { title: `Report ${c}`, content: `What there is to say ${c}` };
  await send(scene, lesson.teacher, `POST /api/teacher/students/${lesson.student}/reports`, body);
  return true;
};

/** By name, with how often each is drawn. */
export const writesOfTeachers: Readonly<Record<string, { readonly weight: number; readonly write: Write }>> = {
  createPlan: { weight: 5, write: createPlan },
  editPlan: { weight: 4, write: editPlan },
  sendPlan: { weight: 3, write: sendPlan },
  archivePlan: { weight: 2, write: archivePlan },
  deletePlan: { weight: 2, write: deletePlan },
  createMaterial: { weight: 5, write: createMaterial },
  editMaterial: { weight: 5, write: editMaterial },
  assignMaterial: { weight: 7, write: assignMaterial },
  deleteMaterial: { weight: 1, write: deleteMaterial },
  reportProgress: { weight: 9, write: reportProgress },
  writeTutorReport: { weight: 5, write: writeTutorReport },
  readTutorReport: { weight: 3, write: readTutorReport },
  writeTeacherReport: { weight: 4, write: writeTeacherReport },
  writeStudentReport: { weight: 5, write: writeStudentReport },
};
