import type {
  ParentDashboard,
  StudentReport,
  TeacherWeeklyReport,
  TutorWeeklyReport,
} from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { studentProfiles } from '../db/schema.js';
import { parentId, reads, setFamily, studentId, teacherId, tutorId } from './family.test.support.js';
import { MATHEMATICS } from './reads.test.support.js';

setFamily();

beforeEach(async () => {
  await reads.rows.enrollment({ studentId, subjectId: MATHEMATICS, teacherId });
});

const SENT = { status: 'sent', sentAt: new Date('2027-01-01') } as const;

/** All that somebody reads of the student's, as one text. */
const ofParent = (id = parentId) => reads.everythingOf('parent', id, studentId);
const ofStudent = () => reads.everythingOf('student', studentId, studentId);
const ofTeacher = () => reads.everythingOf('teacher', teacherId, studentId);
const ofTutor = (id = tutorId) => reads.everythingOf('tutor', id, studentId);

test("a teacher's weekly report is in no read of parent and student, whatever its status", async () => {
  await reads.rows.teacherReport({ studentId, teacherId, tutorId, summary: 'A draft for the tutor' });
  await reads.rows.teacherReport({ studentId, teacherId, tutorId, summary: 'Sent to the tutor', ...SENT });
  expect(await ofParent()).not.toContain('the tutor');
  expect(await ofStudent()).not.toContain('the tutor');
  expect(await ofTeacher()).toContain('A draft for the tutor');
  expect(await ofTutor()).toContain('Sent to the tutor');
  expect(await ofTutor()).not.toContain('A draft for the tutor');
});

test('a draft for the parent is read by its author alone', async () => {
  await reads.rows.studentReport({ studentId, teacherId, parentId, title: "A teacher's draft", content: 'Unfinished' });
  await reads.rows.tutorReport({ studentId, tutorId, parentId, summary: "A tutor's draft" });
  for (const everything of [await ofParent(), await ofStudent()]) expect(everything).not.toMatch(/draft|Unfinished/);
  expect(await ofTeacher()).toContain("A teacher's draft");
  expect(await ofTeacher()).not.toContain("A tutor's draft");
  expect(await ofTutor()).toContain("A tutor's draft");
  expect(await ofTutor()).not.toContain("A teacher's draft");
});

test('what was sent to a parent is shown neither to the next one nor, from then on, to the first', async () => {
  await reads.rows.studentReport({ studentId, teacherId, parentId, title: 'A letter', ...SENT });
  await reads.rows.tutorReport({ studentId, tutorId, parentId, summary: 'A letter of the week', ...SENT });
  expect(await ofParent()).toContain('A letter');
  const nextParentId = await reads.rows.person({ role: 'parent' });
  const moveTo = (id: number) =>
    reads.db.update(studentProfiles).set({ parentId: id }).where(eq(studentProfiles.userId, studentId));
  await moveTo(nextParentId);
  expect(await ofParent(nextParentId)).not.toContain('A letter');
  expect(await ofParent()).not.toContain('A letter');
  await reads.rows.studentReport({ studentId, teacherId, parentId: nextParentId, title: 'For the next', ...SENT });
  expect(await ofParent(nextParentId)).toContain('For the next');
  await moveTo(parentId);
  expect(await ofParent()).toContain('A letter of the week');
  expect(await ofParent()).not.toContain('For the next');
});

test('what was sent to a tutor is shown neither to the next one nor, from then on, to the first', async () => {
  await reads.rows.teacherReport({ studentId, teacherId, tutorId, summary: 'Between us', ...SENT });
  expect(await ofTutor()).toContain('Between us');
  const nextTutorId = await reads.rows.person({ role: 'tutor' });
  await reads.db.update(studentProfiles).set({ tutorId: nextTutorId }).where(eq(studentProfiles.userId, studentId));
  expect(await ofTutor(nextTutorId)).not.toContain('Between us');
  expect(await ofTutor()).not.toContain('Between us');
});

test('the dashboard shows the newest three of both kinds, of each child its own', async () => {
  const at = (hour: number) => ({ status: 'sent', sentAt: new Date(Date.UTC(2027, 0, 1, hour)) }) as const;
  const sister = await reads.rows.student({ parentId, tutorId });
  await reads.rows.tutorReport({ studentId, tutorId, parentId, summary: 'First', ...at(1) });
  await reads.rows.studentReport({ studentId, teacherId, parentId, title: 'Second', ...at(2) });
  await reads.rows.tutorReport({ studentId, tutorId, parentId, summary: 'Third', ...at(3), status: 'read' });
  await reads.rows.studentReport({ studentId, teacherId, parentId, title: 'Fourth', ...at(4) });
  await reads.rows.tutorReport({ studentId: sister, tutorId, parentId, summary: 'Of the sister', ...at(0) });
  const { children } = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parentId);
  const [author, tutor] = [teacherId, tutorId].map((id) => ({ id, name: expect.any(String) }));
  const common = { id: expect.any(Number), sentAt: expect.stringMatching(/Z$/) };
  expect(children.find(({ id }) => id === studentId)?.reports).toEqual([
    { ...common, kind: 'student', author, text: 'Fourth', status: 'sent' },
    { ...common, kind: 'weekly', author: tutor, text: 'Third', status: 'read' },
    { ...common, kind: 'student', author, text: 'Second', status: 'sent' },
  ]);
  expect(children.find(({ id }) => id === sister)?.reports).toMatchObject([{ text: 'Of the sister' }]);
});

test('the dashboard shows the beginning of a long report, its list all of it', async () => {
  const summary = 'я'.repeat(300);
  await reads.rows.tutorReport({ studentId, tutorId, parentId, summary, ...SENT });
  const { children } = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parentId);
  expect(children[0]?.reports[0]?.text).toBe('я'.repeat(200));
  expect(await reads.read<TutorWeeklyReport[]>('parent', 'tutor-weekly-reports', parentId)).toMatchObject([
    { summary },
  ]);
});

test('a report for nobody names nobody', async () => {
  const orphan = await reads.rows.student({});
  await reads.rows.tutorReport({ studentId: orphan, tutorId });
  await reads.rows.teacherReport({ studentId: orphan, teacherId });
  const nobody = { status: 'draft', sentAt: null, student: { id: orphan } };
  expect(await reads.read<TutorWeeklyReport[]>('tutor', 'tutor-weekly-reports', tutorId)).toMatchObject([
    { ...nobody, parent: null },
  ]);
  expect(await reads.read<TeacherWeeklyReport[]>('teacher', 'teacher-weekly-reports', teacherId)).toMatchObject([
    { ...nobody, tutor: null },
  ]);
});

test('a teacher reads the own reports on a student, not those of another teacher', async () => {
  await reads.rows.studentReport({ studentId, teacherId, parentId, title: 'Mine' });
  const colleagueId = await reads.rows.person({ role: 'teacher' });
  await reads.rows.studentReport({ studentId, teacherId: colleagueId, parentId, title: "A colleague's", ...SENT });
  const titles = async (role: 'parent' | 'teacher', viewerId: number) =>
    (await reads.read<StudentReport[]>(role, 'student-reports', viewerId, studentId)).map(({ title }) => title);
  expect(await titles('teacher', teacherId)).toEqual(['Mine']);
  expect(await titles('parent', parentId)).toEqual(["A colleague's"]);
});
