import type {
  ParentDashboard,
  ReceivedStudyPlan,
  StudentDashboard,
  TeacherDashboard,
  TeacherStudyPlan,
} from '@querycast/platform-protocol';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { studyPlans } from '../db/schema.js';
import { parentId, reads, setFamily, studentId, teacherId } from './family.test.support.js';
import { MATHEMATICS } from './reads.test.support.js';

setFamily();

/** Plans that were sent one after the other, an hour between them. */
async function sendPlans(...titles: string[]): Promise<void> {
  for (const [index, title] of titles.entries()) {
    const sentAt = new Date(Date.UTC(2027, 0, 1, index));
    await reads.rows.studyPlan({ studentId, teacherId, subjectId: MATHEMATICS, title, status: 'sent', sentAt });
  }
}

const titlesOf = (plans: readonly { readonly title: string }[] | undefined) => plans?.map(({ title }) => title);

test('a draft is in no read of parent and student, and in those of its teacher', async () => {
  const words = { title: 'An unfinished plan', content: 'Not meant for anybody yet.' };
  await reads.rows.studyPlan({ studentId, teacherId, subjectId: MATHEMATICS, ...words });
  const ofFamily = [
    await reads.everythingOf('parent', parentId, studentId),
    await reads.everythingOf('student', studentId, studentId),
  ];
  for (const everything of ofFamily) {
    for (const word of Object.values(words)) expect(everything).not.toContain(word);
  }
  const { statistics } = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parentId);
  expect(statistics.studyPlans).toBe(0);
  expect(await reads.everythingOf('teacher', teacherId, studentId)).toContain(words.content);
  const ofTeacher = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacherId);
  expect(ofTeacher).toMatchObject({ statistics: { draftPlans: 1, sentPlans: 0 }, studyPlans: [{ status: 'draft' }] });
});

test('dashboards show the newest three, lists all of them, newest first', async () => {
  await sendPlans('First', 'Second', 'Third', 'Fourth');
  const { children } = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parentId);
  expect(titlesOf(children[0]?.studyPlans)).toEqual(['Fourth', 'Third', 'Second']);
  const ofStudent = await reads.read<StudentDashboard>('student', 'student-dashboard', studentId);
  expect(titlesOf(ofStudent.studyPlans)).toEqual(['Fourth', 'Third', 'Second']);
  const lists = [
    await reads.read<ReceivedStudyPlan[]>('parent', 'study-plans', parentId, studentId),
    await reads.read<ReceivedStudyPlan[]>('student', 'study-plans', studentId),
  ];
  for (const list of lists) expect(titlesOf(list)).toEqual(['Fourth', 'Third', 'Second', 'First']);
});

test('each child has the newest three of its own', async () => {
  const sister = await reads.rows.student({ parentId });
  await sendPlans('First', 'Second', 'Third', 'Fourth');
  await reads.rows.studyPlan({
    studentId: sister,
    teacherId,
    subjectId: MATHEMATICS,
    title: 'An old one',
    status: 'sent',
    sentAt: new Date('2020-01-01'),
  });
  const { children } = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parentId);
  expect(titlesOf(children.find(({ id }) => id === sister)?.studyPlans)).toEqual(['An old one']);
  expect(children.find(({ id }) => id === studentId)?.studyPlans).toHaveLength(3);
});

test('an archived plan is still shown, and not counted as one to work on', async () => {
  await sendPlans('First', 'Second');
  await reads.db.update(studyPlans).set({ status: 'archived' }).where(eq(studyPlans.studentId, studentId));
  await sendPlans('Third');
  const { children, statistics } = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parentId);
  expect(children[0]?.studyPlans).toHaveLength(3);
  expect(statistics.studyPlans).toBe(1);
  const ofTeacher = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacherId);
  expect(ofTeacher.statistics.sentPlans).toBe(1);
});

test('a teacher sees the newest five on the dashboard, and all by week', async () => {
  const weeks = ['2027-02-01', '2027-01-04', '2027-01-18', '2027-01-11', '2027-01-25', '2027-02-08'];
  for (const weekStartDate of weeks) {
    await reads.rows.studyPlan({ studentId, teacherId, subjectId: MATHEMATICS, title: weekStartDate, weekStartDate });
  }
  const { studyPlans: newest } = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacherId);
  expect(titlesOf(newest)).toEqual([...weeks].reverse().slice(0, 5));
  const all = await reads.read<TeacherStudyPlan[]>('teacher', 'study-plans', teacherId);
  expect(titlesOf(all)).toEqual([...weeks].sort().reverse());
  expect(all[0]).toMatchObject({ weekStartDate: '2027-02-08', weekEndDate: '2027-02-14', student: { id: studentId } });
});
