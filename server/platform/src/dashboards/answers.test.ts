import type {
  ParentChild,
  ParentDashboard,
  ReceivedStudyPlan,
  StudentDashboard,
  StudentProgress,
  StudentReport,
  SubjectMaterials,
  TeacherDashboard,
  TeacherMaterial,
  TeacherStudent,
  TeacherStudyPlan,
  TeacherWeeklyReport,
  TutorDashboard,
  TutorStudent,
  TutorWeeklyReport,
} from '@querycast/platform-protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { START_TIMEOUT_MS, startTestPlatform, type TestPlatform } from '../testing/test-platform.js';

let platform: TestPlatform;
const tokens = new Map<string, string>();

beforeAll(async () => {
  // The last second of the week that the demo is about then.
  platform = await startTestPlatform({}, { clock: () => Date.parse('2026-11-29T23:59:59Z') });
  for (const email of ['parent', 'parent2', 'student', 'teacher', 'tutor']) {
    tokens.set(email, (await platform.logIn(`${email}@demo.test`)).token);
  }
}, START_TIMEOUT_MS);

afterAll(() => platform.remove());

async function answer(who: string, path: string): Promise<unknown> {
  const { status, body } = await platform.call(path, { token: tokens.get(who) });
  expect(status).toBe(200);
  return body;
}

const text: string = expect.any(String);
const moment: string = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);

const OLGA = { id: 1, name: 'Olga Petrova' };
const ANNA = { id: 3, name: 'Anna Petrova' };
const MISHA = { id: 4, name: 'Misha Petrov' };
const LEV = { id: 5, name: 'Lev Sokolov' };
const ELENA = { id: 6, name: 'Elena Orlova' };
const MARINA = { id: 8, name: 'Marina Belova' };
const MATHEMATICS = { id: 1, name: 'Mathematics', color: '#4c6ef5' };

const LEARNED = { enrollmentId: 1, subjectId: 1, name: 'Mathematics', color: '#4c6ef5' };
const ANNAS_PROGRESS = { progress: 70, materials: 2, completed: 1 };
const ANNAS_SUBJECTS = [{ ...LEARNED, teacher: ELENA, enrolledAt: moment, ...ANNAS_PROGRESS }];
const PLAN = {
  id: 1,
  title: 'Equations with one unknown',
  subject: MATHEMATICS,
  weekStartDate: '2026-11-23',
  weekEndDate: '2026-11-29',
  status: 'sent' as const,
  sentAt: '2026-11-22T16:00:00.000Z',
};
const DRAFT = { ...PLAN, id: 4, title: 'Rehearsal for the olympiad', status: 'draft' as const, sentAt: null };
const WHOLE = { studentId: 3, subjectId: 1, content: text };
const REPORT: StudentReport = {
  id: 1,
  studentId: 3,
  teacher: ELENA,
  title: 'Fractions are done',
  content: text,
  status: 'sent',
  sentAt: PLAN.sentAt,
};
const WEEKLY = { id: 1, weekStartDate: '2026-11-23', summary: text, status: 'sent' as const, sentAt: PLAN.sentAt };
const MISHAS_WEEK: TutorWeeklyReport = { ...WEEKLY, student: MISHA, tutor: MARINA, parent: OLGA };
const ANNAS_WEEK: TeacherWeeklyReport = { ...WEEKLY, student: ANNA, teacher: ELENA, tutor: MARINA };
const PROGRESS: StudentProgress = {
  ...ANNAS_PROGRESS,
  timeSpentMinutes: 85,
  subjects: [
    { subjectId: 1, name: 'Mathematics', color: '#4c6ef5', teachers: [ELENA], ...ANNAS_PROGRESS, timeSpentMinutes: 85 },
  ],
  weeks: [{ weekStartDate: '2026-11-16', completed: 1 }],
};

test('a parent sees the own children and nobody else', async () => {
  const dashboard = (await answer('parent', '/api/parent/dashboard')) as ParentDashboard;
  expect(dashboard).toEqual({
    parent: OLGA,
    children: [
      {
        ...ANNA,
        grade: 7,
        goal: text,
        tutor: MARINA,
        ...ANNAS_PROGRESS,
        subjects: ANNAS_SUBJECTS,
        studyPlans: [PLAN],
        reports: [{ kind: 'student', id: 1, author: ELENA, text: REPORT.title, status: 'sent', sentAt: PLAN.sentAt }],
      },
      expect.objectContaining({ ...MISHA, grade: 4, progress: 60 }),
    ],
    statistics: { children: 2, averageProgress: 65, subjects: 2, studyPlans: 2 },
  } satisfies ParentDashboard);
  const [, misha] = dashboard.children;
  expect(misha?.reports).toMatchObject([{ kind: 'weekly', id: 1, author: MARINA, text }]);
  expect(await answer('parent2', '/api/parent/children')).toEqual([
    { ...LEV, grade: 9, goal: text, isActive: true, tutor: MARINA, subjects: 1 },
  ] satisfies ParentChild[]);
});

test('a parent reads of a child what each page of the child shows', async () => {
  const [subject] = ANNAS_SUBJECTS.map(({ progress: _, materials: __, completed: ___, ...learned }) => learned);
  expect(await answer('parent', '/api/parent/children/3/subjects')).toEqual([subject]);
  expect(await answer('parent', '/api/parent/children/3/progress')).toEqual(PROGRESS);
  expect(await answer('parent', '/api/parent/children/3/study-plans')).toEqual([
    { ...PLAN, ...WHOLE, teacher: ELENA },
  ] satisfies ReceivedStudyPlan[]);
  expect(await answer('parent', '/api/parent/children/3/reports')).toEqual([REPORT]);
  expect(await answer('parent', '/api/tutor-weekly-reports')).toEqual([MISHAS_WEEK]);
});

test('a student sees the own work', async () => {
  const exercise = { id: 2, title: 'Twenty linear equations', type: 'exercise' as const, progressPercentage: 40 };
  const lesson = { id: 1, title: 'Fractions in the kitchen', type: 'lesson' as const, progressPercentage: 100 };
  expect(await answer('student', '/api/student/dashboard')).toEqual({
    student: ANNA,
    grade: 7,
    goal: text,
    tutor: MARINA,
    ...ANNAS_PROGRESS,
    subjects: ANNAS_SUBJECTS,
    openMaterials: [{ ...exercise, subject: MATHEMATICS }],
    studyPlans: [PLAN],
  } satisfies StudentDashboard);
  expect(await answer('student', '/api/student/materials')).toEqual([
    {
      subjectId: 1,
      name: 'Mathematics',
      color: '#4c6ef5',
      teachers: [ELENA],
      materials: [
        { ...exercise, author: ELENA, timeSpentMinutes: 35, isCompleted: false },
        { ...lesson, author: ELENA, timeSpentMinutes: 50, isCompleted: true },
      ],
    },
  ] satisfies SubjectMaterials[]);
  expect(await answer('student', '/api/student/progress')).toEqual(PROGRESS);
  expect(await answer('student', '/api/student/study-plans')).toEqual([{ ...PLAN, ...WHOLE, teacher: ELENA }]);
});

test('a teacher sees the own students and the own work', async () => {
  expect(await answer('teacher', '/api/teacher/dashboard')).toEqual({
    teacher: ELENA,
    statistics: {
      students: 1,
      averageProgress: 70,
      materials: 2,
      assignments: 2,
      completed: 1,
      draftPlans: 1,
      sentPlans: 1,
    },
    subjects: [{ ...MATHEMATICS, students: 1 }],
    behind: [{ ...ANNA, progress: 70 }],
    studyPlans: [DRAFT, PLAN].map((plan) => ({ ...plan, student: ANNA })),
  } satisfies TeacherDashboard);
  expect(await answer('teacher', '/api/teacher/students')).toEqual([
    { ...ANNA, grade: 7, goal: text, isActive: true, ...ANNAS_PROGRESS, subjects: [LEARNED] },
  ] satisfies TeacherStudent[]);
  const materials = (await answer('teacher', '/api/teacher/materials')) as TeacherMaterial[];
  expect(materials.map(({ status, students }) => [status, students.length])).toEqual([
    ['draft', 0],
    ['active', 1],
    ['active', 1],
  ]);
  expect(materials[1]).toEqual({
    id: 2,
    title: 'Twenty linear equations',
    type: 'exercise',
    status: 'active',
    subject: MATHEMATICS,
    students: [{ ...ANNA, progressPercentage: 40, isCompleted: false }],
  } satisfies TeacherMaterial);
  expect(await answer('teacher', '/api/teacher/study-plans')).toEqual(
    [DRAFT, PLAN].map((plan) => ({ ...plan, ...WHOLE, student: ANNA })) satisfies TeacherStudyPlan[],
  );
  expect(await answer('teacher', '/api/teacher/students/3/reports')).toEqual([REPORT]);
  expect(await answer('teacher', '/api/teacher-weekly-reports')).toEqual([ANNAS_WEEK]);
});

test('a tutor sees the own students with their parents and subjects', async () => {
  const students = (await answer('tutor', '/api/tutor/students')) as TutorStudent[];
  expect(students.map(({ name }) => name)).toEqual(['Anna Petrova', 'Lev Sokolov', 'Misha Petrov']);
  expect(students[0]).toEqual({
    ...ANNA,
    grade: 7,
    goal: text,
    isActive: true,
    parent: OLGA,
    ...ANNAS_PROGRESS,
    subjects: [{ ...LEARNED, teacher: ELENA }],
  } satisfies TutorStudent);
  expect(await answer('tutor', '/api/tutor/dashboard')).toEqual({
    tutor: MARINA,
    statistics: { students: 3, averageProgress: 48, subjects: 3, withoutSubjects: 0 },
    students: [
      { ...ANNA, grade: 7, goal: text, ...ANNAS_PROGRESS, subjects: 1 },
      { ...LEV, grade: 9, goal: text, progress: 13, materials: 2, completed: 0, subjects: 1 },
      { ...MISHA, grade: 4, goal: text, progress: 60, materials: 1, completed: 0, subjects: 1 },
    ],
  } satisfies TutorDashboard);
  expect(await answer('tutor', '/api/tutor-weekly-reports')).toEqual([MISHAS_WEEK]);
  expect(await answer('tutor', '/api/teacher-weekly-reports')).toEqual([ANNAS_WEEK]);
});
