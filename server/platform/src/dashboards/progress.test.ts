import type {
  ParentDashboard,
  StudentDashboard,
  StudentProgress,
  SubjectMaterials,
  TeacherDashboard,
  TeacherMaterial,
  TeacherStudent,
  TutorDashboard,
  TutorStudent,
} from '@querycast/platform-protocol';
import { eq, sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { subjectEnrollments, users } from '../db/schema.js';
import { parentId, reads, setFamily, studentId, teacherId, tutorId } from './family.test.support.js';
import { MATHEMATICS, PHYSICS, type TestReads } from './reads.test.support.js';

setFamily();

/** The student learns Mathematics with the teacher. */
beforeEach(async () => {
  await reads.rows.enrollment({ studentId, subjectId: MATHEMATICS, teacherId });
});

async function addPupil(): Promise<number> {
  const id = await reads.rows.student({ parentId, tutorId });
  await reads.rows.enrollment({ studentId: id, subjectId: MATHEMATICS, teacherId });
  return id;
}

/** Something of the teacher's that the student has, as far as they have come with it. */
async function addWork(
  percentage?: number,
  { isCompleted = percentage === 100, timeSpentMinutes = 10, of = studentId, ...material }: Work = {},
): Promise<number> {
  const fields = { authorId: teacherId, subjectId: MATHEMATICS, studentIds: [of], ...material };
  const materialId = await reads.rows.material(fields);
  if (percentage !== undefined) {
    const progress = { progressPercentage: percentage, isCompleted, timeSpentMinutes };
    await reads.rows.progress({ studentId: of, materialId, ...progress });
  }
  return materialId;
}

interface Work extends Partial<Parameters<TestReads['rows']['material']>[0]> {
  readonly isCompleted?: boolean;
  readonly timeSpentMinutes?: number;
  readonly of?: number;
}

/** The student's progress wherever somebody sees it. */
async function progressEverywhere() {
  const ofParent = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parentId);
  const [child] = ofParent.children;
  const ofChild = await reads.read<StudentProgress>('parent', 'student-progress', parentId, studentId);
  const own = await reads.read<StudentProgress>('student', 'student-progress', studentId);
  const dashboard = await reads.read<StudentDashboard>('student', 'student-dashboard', studentId);
  const [ofTeacher] = await reads.read<TeacherStudent[]>('teacher', 'teacher-students', teacherId);
  const [ofTutor] = await reads.read<TutorStudent[]>('tutor', 'tutor-students', tutorId);
  const [onTutorsDashboard] = (await reads.read<TutorDashboard>('tutor', 'tutor-dashboard', tutorId)).students;
  return [child, child?.subjects[0], ofChild, own, dashboard, ofTeacher, ofTutor, onTutorsDashboard].map(
    (seen) => seen && { progress: seen.progress, materials: seen.materials, completed: seen.completed },
  );
}

const everywhere = (progress: number, materials: number, completed: number) =>
  new Array(8).fill({ progress, materials, completed });

test('a student without materials has come 0 %', async () => {
  expect(await progressEverywhere()).toEqual(everywhere(0, 0, 0));
});

test.each([
  [[100, 0, 0], 33, 1],
  [[100, 100, 0], 67, 2],
  [[50, 51], 51, 0],
  [[99, 100, 100], 99, 2],
  [[100, 100], 100, 2],
])('of materials at %j the mean is %i, in whole percent', async (percentages, progress, completed) => {
  for (const percentage of percentages) await addWork(percentage);
  expect(await progressEverywhere()).toEqual(everywhere(progress, percentages.length, completed));
});

test('what was not begun counts as 0 %, and what was completed once as completed', async () => {
  await addWork();
  await addWork(40, { isCompleted: true });
  expect(await progressEverywhere()).toEqual(everywhere(20, 2, 1));
});

test('drafts, archived materials, and those that were taken away or never given do not count', async () => {
  await addWork(60, { timeSpentMinutes: 5 });
  await addWork(100, { status: 'draft' });
  await addWork(100, { status: 'archived' });
  const materialId = await addWork(undefined, { studentIds: [] });
  await reads.rows.progress({ studentId, materialId, progressPercentage: 100, isCompleted: true });
  expect(await progressEverywhere()).toEqual(everywhere(60, 1, 0));
  const own = await reads.read<StudentProgress>('student', 'student-progress', studentId);
  expect(own).toMatchObject({ timeSpentMinutes: 5, subjects: [{ timeSpentMinutes: 5 }] });
  const [mathematics] = await reads.read<SubjectMaterials[]>('student', 'student-materials', studentId);
  expect(mathematics?.materials).toHaveLength(1);
});

test('progress in a subject counts whoever wrote the material, a teacher counts the own', async () => {
  await addWork(100);
  await addWork(0, { authorId: await reads.rows.person({ role: 'teacher' }) });
  const dashboard = await reads.read<StudentDashboard>('student', 'student-dashboard', studentId);
  expect(dashboard.subjects).toMatchObject([{ subjectId: MATHEMATICS, progress: 50, materials: 2 }]);
  const [ofTeacher] = await reads.read<TeacherStudent[]>('teacher', 'teacher-students', teacherId);
  expect(ofTeacher).toMatchObject({ progress: 100, materials: 1 });
});

test('a subject that is not learned any more is in the progress as long as it has materials', async () => {
  await addWork(30, { subjectId: PHYSICS });
  const learned = { name: 'Mathematics', progress: 0, teachers: [{ id: teacherId }] };
  expect(await reads.read<StudentProgress>('student', 'student-progress', studentId)).toMatchObject({
    subjects: [learned, { name: 'Physics', progress: 30, teachers: [] }],
  });
  await reads.db.update(subjectEnrollments).set({ isActive: false }).where(eq(subjectEnrollments.studentId, studentId));
  const after = await reads.read<StudentProgress>('parent', 'student-progress', parentId, studentId);
  expect(after.subjects.map(({ name }) => name)).toEqual(['Physics']);
  const materials = await reads.read<SubjectMaterials[]>('student', 'student-materials', studentId);
  expect(materials.map(({ name }) => name)).toEqual(['Physics']);
});

test('a student has the five open materials that were assigned first on the dashboard', async () => {
  const ids: number[] = [];
  for (let index = 0; index < 7; index += 1) ids.push(await addWork(index === 1 ? 100 : index));
  // The later ones were assigned first.
  await reads.db.execute(
    sql.raw(`UPDATE material_assignments SET assigned_at = TIMESTAMPTZ '2027-01-01' - material_id * INTERVAL '1 hour'
      WHERE student_id = ${studentId}`),
  );
  const { openMaterials } = await reads.read<StudentDashboard>('student', 'student-dashboard', studentId);
  const open = ids.filter((_, index) => index !== 1).reverse();
  expect(openMaterials.map(({ id }) => id)).toEqual(open.slice(0, 5));
});

test('the averages of parent and tutor are over all students, those without materials included', async () => {
  await addWork(75);
  await addPupil();
  const { statistics } = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parentId);
  expect(statistics).toEqual({ children: 2, averageProgress: 38, subjects: 2, studyPlans: 0 });
  const ofTutor = await reads.read<TutorDashboard>('tutor', 'tutor-dashboard', tutorId);
  expect(ofTutor.statistics).toEqual({ students: 2, averageProgress: 38, subjects: 2, withoutSubjects: 0 });
});

test('a teacher sees the ten students who have come least far with the own materials, and the mean of all', async () => {
  const pupils = [studentId];
  while (pupils.length < 13) pupils.push(await addPupil());
  const [first = 0, second = 0, third = 0, ...others] = pupils;
  // The first has nothing of this teacher, the second learns with another one now.
  await addWork(0, { authorId: await reads.rows.person({ role: 'teacher' }), of: first });
  await addWork(0, { of: second });
  await reads.db.update(subjectEnrollments).set({ isActive: false }).where(eq(subjectEnrollments.studentId, second));
  await addWork(100, { of: third });
  for (const [index, of] of others.entries()) await addWork(90 - index * 10, { of });
  const { statistics, behind } = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacherId);
  expect(behind.map(({ id, progress }) => [id, progress])).toEqual(
    others.map((id, index) => [id, 90 - index * 10]).reverse(),
  );
  expect(statistics).toMatchObject({ students: 12, averageProgress: 50 });
});

test('a teacher counts active materials, how often they are assigned and how often completed', async () => {
  const other = await addPupil();
  const shared = await addWork(100, { studentIds: [studentId, other] });
  await addWork(20);
  await addWork(undefined, { studentIds: [] });
  await addWork(100, { status: 'archived' });
  await addWork(100, { status: 'draft' });
  const { statistics } = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacherId);
  expect(statistics).toMatchObject({ materials: 3, assignments: 3, completed: 1 });
  const materials = await reads.read<TeacherMaterial[]>('teacher', 'teacher-materials', teacherId);
  expect(materials.map(({ status }) => status)).toEqual(['draft', 'archived', 'active', 'active', 'active']);
  expect(materials.find(({ id }) => id === shared)?.students).toEqual([
    { id: studentId, name: expect.any(String), progressPercentage: 100, isCompleted: true },
    { id: other, name: expect.any(String), progressPercentage: 0, isCompleted: false },
  ]);
});

test('a deactivated student stays in the lists, and is marked there', async () => {
  await reads.db.update(users).set({ isActive: false }).where(eq(users.id, studentId));
  const lists = [
    ['parent', 'parent-children', parentId],
    ['teacher', 'teacher-students', teacherId],
    ['tutor', 'tutor-students', tutorId],
  ] as const;
  for (const [role, root, viewerId] of lists) {
    expect(await reads.read(role, root, viewerId)).toMatchObject([{ id: studentId, isActive: false }]);
  }
});
