import type {
  ParentDashboard,
  StudentDashboard,
  TeacherDashboard,
  TeacherStudent,
  TutorDashboard,
  TutorStudent,
} from '@querycast/platform-protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadDemoData } from '../db/demo-data.js';
import { START_TIMEOUT_MS } from '../testing/test-platform.js';
import { liveReads } from './live-reads.js';
import { ANNA, DEMO_VIEWERS, MATHEMATICS, openTestReads, type TestReads } from './reads.test.support.js';

/** How many statements each read takes, by role and the first element of its key. */
const STATEMENTS = {
  'parent parent-dashboard': 7,
  'parent parent-children': 1,
  'parent tutor-weekly-reports': 1,
  'parent parent-child-subjects': 1,
  'parent student-progress': 4,
  'parent study-plans': 1,
  'parent student-reports': 1,
  'student student-dashboard': 5,
  'student student-materials': 3,
  'student student-progress': 4,
  'student study-plans': 1,
  'teacher teacher-dashboard': 8,
  'teacher teacher-students': 3,
  'teacher teacher-materials': 2,
  'teacher study-plans': 1,
  'teacher teacher-weekly-reports': 1,
  'teacher student-reports': 1,
  'tutor tutor-dashboard': 4,
  'tutor tutor-students': 3,
  'tutor tutor-weekly-reports': 1,
  'tutor teacher-weekly-reports': 1,
};

const MANY = 30;

let reads: TestReads;

beforeAll(async () => {
  reads = await openTestReads();
}, START_TIMEOUT_MS);

afterAll(() => reads.close());

async function countStatements(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const read of liveReads) counts[`${read.role} ${read.root}`] = await reads.statementsOf(read);
  return counts;
}

test('every read costs the same number of statements, whatever the number of rows', async () => {
  expect(await countStatements()).toEqual(STATEMENTS);
  for (let index = 0; index < MANY; index += 1) {
    await addWorkOf(ANNA);
    await addWorkOf(await addChildOfOlga());
  }
  expect(await countStatements()).toEqual(STATEMENTS);

  const { parent, student, teacher, tutor } = DEMO_VIEWERS;
  const ofParent = await reads.read<ParentDashboard>('parent', 'parent-dashboard', parent);
  expect(ofParent.statistics).toMatchObject({ children: MANY + 2, studyPlans: 2 * MANY + 2 });
  const ofStudent = await reads.read<StudentDashboard>('student', 'student-dashboard', student);
  expect(ofStudent).toMatchObject({ materials: MANY + 2, completed: 1 });
  const ofTeacher = await reads.read<TeacherDashboard>('teacher', 'teacher-dashboard', teacher);
  expect(ofTeacher.statistics).toMatchObject({ students: MANY + 1, materials: 2 * MANY + 2 });
  expect(await reads.read<TeacherStudent[]>('teacher', 'teacher-students', teacher)).toHaveLength(MANY + 1);
  const ofTutor = await reads.read<TutorDashboard>('tutor', 'tutor-dashboard', tutor);
  expect(ofTutor.statistics).toMatchObject({ students: MANY + 3, withoutSubjects: 0 });
  expect(await reads.read<TutorStudent[]>('tutor', 'tutor-students', tutor)).toHaveLength(MANY + 3);
  const lists = [
    ['parent', 'tutor-weekly-reports', 2 * MANY + 1],
    ['parent', 'study-plans', MANY + 1],
    ['parent', 'student-reports', MANY + 1],
    ['student', 'study-plans', MANY + 1],
    ['teacher', 'teacher-materials', 2 * MANY + 3],
    ['teacher', 'study-plans', 2 * MANY + 2],
    ['teacher', 'teacher-weekly-reports', 2 * MANY + 1],
    ['teacher', 'student-reports', MANY + 1],
    ['tutor', 'tutor-weekly-reports', 2 * MANY + 1],
    ['tutor', 'teacher-weekly-reports', 2 * MANY + 1],
  ] as const;
  for (const [role, root, length] of lists) {
    expect(await reads.read(role, root, DEMO_VIEWERS[role], ANNA), `${role} ${root}`).toHaveLength(length);
  }
});

test('somebody for whom there is nothing yet has empty pages', async () => {
  const [parent, student, teacher, tutor] = await Promise.all(
    (['parent', 'student', 'teacher', 'tutor'] as const).map((role) =>
      reads.rows.person({ role, firstName: 'New', lastName: 'Person' }),
    ),
  );
  const nobody = (id = 0) => ({ id, name: 'New Person' });
  expect(await reads.read('parent', 'parent-dashboard', parent ?? 0)).toEqual({
    parent: nobody(parent),
    children: [],
    statistics: { children: 0, averageProgress: 0, subjects: 0, studyPlans: 0 },
  } satisfies ParentDashboard);
  expect(await reads.read('student', 'student-dashboard', student ?? 0)).toEqual({
    student: nobody(student),
    grade: 0,
    goal: '',
    tutor: null,
    progress: 0,
    materials: 0,
    completed: 0,
    subjects: [],
    openMaterials: [],
    studyPlans: [],
  } satisfies StudentDashboard);
  expect(await reads.read('teacher', 'teacher-dashboard', teacher ?? 0)).toEqual({
    teacher: nobody(teacher),
    statistics: {
      students: 0,
      averageProgress: 0,
      materials: 0,
      assignments: 0,
      completed: 0,
      draftPlans: 0,
      sentPlans: 0,
    },
    subjects: [],
    behind: [],
    studyPlans: [],
  } satisfies TeacherDashboard);
  expect(await reads.read('tutor', 'tutor-dashboard', tutor ?? 0)).toEqual({
    tutor: nobody(tutor),
    statistics: { students: 0, averageProgress: 0, subjects: 0, withoutSubjects: 0 },
    students: [],
  } satisfies TutorDashboard);
});

test('the demo data is loaded once', async () => {
  expect(await loadDemoData(reads.db)).toBe(false);
});

function addChildOfOlga(): Promise<number> {
  return reads.rows.student({ parentId: DEMO_VIEWERS.parent, tutorId: DEMO_VIEWERS.tutor });
}

/** One more of everything for a student, by the demo people. */
async function addWorkOf(studentId: number): Promise<void> {
  const { parent: parentId, teacher: teacherId, tutor: tutorId } = DEMO_VIEWERS;
  const { rows } = reads;
  await rows.enrollment({ studentId, subjectId: MATHEMATICS, teacherId });
  const materialId = await rows.material({ authorId: teacherId, subjectId: MATHEMATICS, studentIds: [studentId] });
  await rows.progress({ studentId, materialId, progressPercentage: 50 });
  await rows.studyPlan({ studentId, subjectId: MATHEMATICS, teacherId, status: 'sent' });
  await rows.studentReport({ studentId, teacherId, parentId, status: 'sent' });
  await rows.tutorReport({ studentId, tutorId, parentId, status: 'sent' });
  await rows.teacherReport({ studentId, teacherId, tutorId, status: 'sent' });
}
