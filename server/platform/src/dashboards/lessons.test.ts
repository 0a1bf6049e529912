import type {
  ChildSubject,
  ParentChild,
  StudentProgress,
  SubjectMaterials,
  TeacherDashboard,
  TeacherStudent,
  TutorDashboard,
  TutorStudent,
} from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { subjectEnrollments } from '../db/schema.js';
import { parentId, reads, setFamily, studentId, teacherId, tutorId } from './family.test.support.js';
import { MATHEMATICS, PHYSICS } from './reads.test.support.js';

setFamily();

const enroll = (customSubjectName: string, subjectId = MATHEMATICS) =>
  reads.rows.enrollment({ studentId, subjectId, teacherId, customSubjectName });

test('an ended enrollment is in no read of anybody', async () => {
  const id = await enroll('Chess problems');
  const everything = async () => [
    await reads.everythingOf('parent', parentId, studentId),
    await reads.everythingOf('student', studentId, studentId),
    await reads.everythingOf('teacher', teacherId, studentId),
    await reads.everythingOf('tutor', tutorId, studentId),
  ];
  const names = /Chess problems|Mathematics|Ada Byron/;
  const [ofParent, ofStudent, ofTeacher, ofTutor] = await everything();
  for (const seen of [ofParent, ofStudent, ofTeacher, ofTutor]) expect(seen).toMatch(names);
  await reads.db.update(subjectEnrollments).set({ isActive: false }).where(eq(subjectEnrollments.id, id));
  const [parentNow, studentNow, , tutorNow] = await everything();
  for (const seen of [parentNow, studentNow, tutorNow]) expect(seen).not.toMatch(names);
  expect(await reads.read<ParentChild[]>('parent', 'parent-children', parentId)).toMatchObject([{ subjects: 0 }]);
  expect(await reads.read<TeacherStudent[]>('teacher', 'teacher-students', teacherId)).toEqual([]);
  const ofTeacherNow = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacherId);
  expect(ofTeacherNow).toMatchObject({ statistics: { students: 0 }, subjects: [], behind: [] });
  const ofTutorNow = await reads.read<TutorDashboard>('tutor', 'tutor-dashboard', tutorId);
  expect(ofTutorNow.statistics).toMatchObject({ subjects: 0, withoutSubjects: 1 });
});

test('a subject has the name that its enrollment gives it', async () => {
  const enrollmentId = await enroll('Olympiad problems');
  const subject = { enrollmentId, subjectId: MATHEMATICS, name: 'Olympiad problems', color: '#4c6ef5' };
  const teacher = { id: teacherId, name: 'Ada Byron' };
  expect(await reads.read('parent', 'parent-child-subjects', parentId, studentId)).toEqual([
    { ...subject, teacher, enrolledAt: expect.stringMatching(/Z$/) },
  ] satisfies ChildSubject[]);
  const [ofTutor] = await reads.read<TutorStudent[]>('tutor', 'tutor-students', tutorId);
  expect(ofTutor?.subjects).toEqual([{ ...subject, teacher }]);
  const [ofTeacher] = await reads.read<TeacherStudent[]>('teacher', 'teacher-students', teacherId);
  expect(ofTeacher?.subjects).toEqual([subject]);
  const { subjects } = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacherId);
  expect(subjects).toEqual([{ id: MATHEMATICS, name: 'Mathematics', color: '#4c6ef5', students: 1 }]);
});

test('a student who learns two subjects with a teacher is one student', async () => {
  await enroll('Numbers', MATHEMATICS);
  await enroll('Motion', PHYSICS);
  const students = await reads.read<TeacherStudent[]>('teacher', 'teacher-students', teacherId);
  expect(students).toMatchObject([{ id: studentId, subjects: [{ name: 'Numbers' }, { name: 'Motion' }] }]);
  const { statistics, subjects } = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacherId);
  expect(statistics.students).toBe(1);
  expect(subjects).toMatchObject([
    { id: MATHEMATICS, students: 1 },
    { id: PHYSICS, students: 1 },
  ]);
});

test('what a lesson is called changes nothing where its subject is shown under the own name, with all who teach it', async () => {
  const other = await reads.rows.person({ role: 'teacher' });
  const first = await reads.rows.enrollment({ studentId, subjectId: MATHEMATICS, teacherId });
  await reads.rows.enrollment({ studentId, subjectId: MATHEMATICS, teacherId: other });
  const seen = async () => ({
    materials: await reads.read<SubjectMaterials[]>('student', 'student-materials', studentId),
    progress: await reads.read<StudentProgress>('student', 'student-progress', studentId),
    ofChild: await reads.read<StudentProgress>('parent', 'student-progress', parentId, studentId),
  });
  const before = await seen();
  const inOrder = [{ name: 'Mathematics', teachers: [{ id: teacherId }, { id: other }] }];
  expect(before).toMatchObject({
    materials: inOrder,
    progress: { subjects: inOrder },
    ofChild: { subjects: inOrder },
  });
  // Behind the other one, by its name.
  await reads.db
    .update(subjectEnrollments)
    .set({ customSubjectName: 'Zero to hero' })
    .where(eq(subjectEnrollments.id, first));
  expect(await seen()).toEqual(before);
});

test('a child without tutor and a student without parent have none', async () => {
  await reads.rows.student({ parentId });
  const children = await reads.read<ParentChild[]>('parent', 'parent-children', parentId);
  expect(children.map(({ tutor }) => tutor?.id ?? null)).toEqual([tutorId, null]);
  await reads.rows.student({ tutorId });
  const students = await reads.read<TutorStudent[]>('tutor', 'tutor-students', tutorId);
  expect(students.map(({ parent }) => parent?.id ?? null)).toEqual([parentId, null]);
});
