/** The four scenarios of the guide, chapter "Parent Dashboard Update Scenarios", over the real API and the wire. */
import type { Logger } from '@querycast/server';
import { beforeEach, expect, test } from 'vitest';
import { ANNA, ELENA, MARINA, OLGA, once } from '../testing/everybody.js';
import { everybody, setScene } from './scene.test.support.js';

let logged: { fields: object; message: string }[] = [];

const logger: Logger = {
  debug() {},
  info: (fields, message) => logged.push({ fields, message }),
  warn() {},
  error: console.error,
};
setScene({ logger });

beforeEach(() => {
  logged = [];
});

const cacheWords = () => logged.filter(({ message }) => message.startsWith('Parent cache invalidated'));
const anna = async () => (await everybody.read(OLGA, '/api/parent/dashboard')).children[0];

/** All that somebody sees before, so that an answer from the cache would be an old one. */
async function readEverything() {
  for (const [room, path] of [
    [OLGA, '/api/parent/dashboard'],
    [OLGA, '/api/parent/children'],
    [OLGA, '/api/parent/children/3/subjects'],
    [OLGA, '/api/parent/children/3/progress'],
    [OLGA, '/api/parent/children/3/study-plans'],
    [ANNA, '/api/student/dashboard'],
    [ANNA, '/api/student/materials'],
    [ANNA, '/api/student/progress'],
    [ANNA, '/api/student/study-plans'],
    [ELENA, '/api/teacher/dashboard'],
    [ELENA, '/api/teacher/students'],
    [ELENA, '/api/teacher/materials'],
    [ELENA, '/api/teacher/study-plans'],
    [MARINA, '/api/tutor/dashboard'],
    [MARINA, '/api/tutor/students'],
  ] as const) {
    await everybody.read(room, path);
  }
}

const namesOf = (list: { name: string }[]) => list.map(({ name }) => name);

test('1. a tutor assigns a subject: student, teacher, parent and tutor are told once each, and see it', async () => {
  await readEverything();
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(MARINA, 'POST /api/tutor/students/3/subjects', { subjectId: 2, teacherId: 6 }),
  );
  expect(answer.status).toBe(201);
  expect(heard).toEqual(
    once({
      [ANNA]: [['student-dashboard'], ['student-materials'], ['student-progress']],
      // The right to read one's own reports on a student begins with the first lesson.
      [ELENA]: [['teacher-dashboard'], ['teacher-students'], ['student-reports', 3]],
      [OLGA]: [['parent-dashboard'], ['parent-children'], ['parent-child-subjects', 3], ['student-progress', 3]],
      [MARINA]: [['tutor-dashboard'], ['tutor-students']],
    }),
  );
  const enrollmentId = answer.body.id;
  expect(cacheWords()).toEqual([
    {
      fields: { parent_id: 1, student_id: 3, enrollment_id: enrollmentId },
      message: `Parent cache invalidated: parent_id=1, student_id=3, enrollment_id=${enrollmentId}`,
    },
  ]);

  const both = ['Mathematics', 'Physics'];
  expect(namesOf((await anna()).subjects)).toEqual(both);
  expect((await everybody.read(OLGA, '/api/parent/children'))[0]).toMatchObject({ id: 3, subjects: 2 });
  expect(namesOf(await everybody.read(OLGA, '/api/parent/children/3/subjects'))).toEqual(both);
  expect(namesOf((await everybody.read(OLGA, '/api/parent/children/3/progress')).subjects)).toEqual(both);
  expect(namesOf((await everybody.read(ANNA, '/api/student/dashboard')).subjects)).toEqual(both);
  expect(namesOf(await everybody.read(ANNA, '/api/student/materials'))).toEqual(both);
  expect(namesOf((await everybody.read(ANNA, '/api/student/progress')).subjects)).toEqual(both);
  expect(namesOf((await everybody.read(ELENA, '/api/teacher/dashboard')).subjects)).toEqual(both);
  expect(namesOf((await everybody.read(ELENA, '/api/teacher/students'))[0].subjects)).toEqual(both);
  expect((await everybody.read(MARINA, '/api/tutor/dashboard')).students[0]).toMatchObject({ id: 3, subjects: 2 });
  expect(namesOf((await everybody.read(MARINA, '/api/tutor/students'))[0].subjects)).toEqual(both);
});

test('2. a teacher sends a study plan: teacher, student and parent are told once each, and see it', async () => {
  const [draft] = await everybody.read(ELENA, '/api/teacher/study-plans');
  expect(draft).toMatchObject({ studentId: 3, status: 'draft' });
  await readEverything();
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(ELENA, `POST /api/teacher/study-plans/${draft.id}/send`),
  );
  expect(answer).toMatchObject({ status: 200, body: { id: draft.id, status: 'sent' } });
  expect(heard).toEqual(
    once({
      [ELENA]: [['teacher-dashboard'], ['study-plans']],
      [ANNA]: [['student-dashboard'], ['study-plans']],
      [OLGA]: [['parent-dashboard'], ['study-plans', 3]],
    }),
  );
  const ids = { plan_id: draft.id, parent_id: 1, student_id: 3 };
  const words = `plan_id=${draft.id}, parent_id=1, student_id=3`;
  expect(cacheWords()).toHaveLength(2);
  expect(cacheWords()).toEqual(
    expect.arrayContaining([
      { fields: ids, message: `Parent cache invalidated after study plan sent: ${words}` },
      {
        fields: { ...ids, status: 'sent' },
        message: `Parent cache invalidated via StudyPlan signal: ${words}, status=sent`,
      },
    ]),
  );

  const sent = { id: draft.id, title: draft.title, status: 'sent', sentAt: answer.body.sentAt };
  expect((await anna()).studyPlans[0]).toMatchObject(sent);
  expect((await everybody.read(OLGA, '/api/parent/dashboard')).statistics.studyPlans).toBe(3);
  expect((await everybody.read(OLGA, '/api/parent/children/3/study-plans'))[0]).toMatchObject(sent);
  expect((await everybody.read(ANNA, '/api/student/dashboard')).studyPlans[0]).toMatchObject(sent);
  expect((await everybody.read(ANNA, '/api/student/study-plans'))[0]).toMatchObject(sent);
  expect((await everybody.read(ELENA, '/api/teacher/dashboard')).statistics).toMatchObject({
    draftPlans: 0,
    sentPlans: 2,
  });
  expect((await everybody.read(ELENA, '/api/teacher/study-plans'))[0]).toMatchObject(sent);
});

test('3. a student makes progress: student, author, parent and tutor are told once each, and see it', async () => {
  await readEverything();
  expect((await anna()).progress).toBe(70);
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(ANNA, 'POST /api/student/materials/2/progress', { progressPercentage: 80, timeSpentMinutes: 15 }),
  );
  expect(answer).toMatchObject({
    status: 200,
    body: { materialId: 2, progressPercentage: 80, timeSpentMinutes: 50, isCompleted: false },
  });
  expect(heard).toEqual(
    once({
      [ANNA]: [['student-dashboard'], ['student-materials'], ['student-progress']],
      [ELENA]: [['teacher-dashboard'], ['teacher-materials'], ['teacher-students']],
      [OLGA]: [['parent-dashboard'], ['student-progress', 3]],
      [MARINA]: [['tutor-dashboard'], ['tutor-students']],
    }),
  );

  expect(await anna()).toMatchObject({ progress: 90, materials: 2, completed: 1 });
  const inAll = { progress: 90, timeSpentMinutes: 100 };
  expect(await everybody.read(OLGA, '/api/parent/children/3/progress')).toMatchObject(inAll);
  expect(await everybody.read(ANNA, '/api/student/progress')).toMatchObject(inAll);
  expect(await everybody.read(ANNA, '/api/student/dashboard')).toMatchObject({
    progress: 90,
    openMaterials: [{ id: 2, progressPercentage: 80 }],
  });
  const [mathematics] = await everybody.read(ANNA, '/api/student/materials');
  expect(mathematics.materials).toContainEqual(
    expect.objectContaining({ id: 2, progressPercentage: 80, timeSpentMinutes: 50 }),
  );
  const ofElena = await everybody.read(ELENA, '/api/teacher/materials');
  expect(ofElena.find(({ id }: { id: number }) => id === 2).students).toMatchObject([
    { id: 3, progressPercentage: 80 },
  ]);
  expect((await everybody.read(ELENA, '/api/teacher/dashboard')).statistics.averageProgress).toBe(90);
  expect((await everybody.read(ELENA, '/api/teacher/students'))[0]).toMatchObject({ id: 3, progress: 90 });
  expect((await everybody.read(MARINA, '/api/tutor/dashboard')).students[0]).toMatchObject({ id: 3, progress: 90 });
  expect((await everybody.read(MARINA, '/api/tutor/students'))[0]).toMatchObject({ id: 3, progress: 90 });
});

test('4. a student profile is modified: student, parent, tutor and teachers are told once each, and see it', async () => {
  await readEverything();
  const { answer, heard } = await everybody.hear(() =>
    everybody.ask(MARINA, 'PATCH /api/tutor/students/3', { grade: 8 }),
  );
  expect(answer).toMatchObject({ status: 200, body: { id: 3, grade: 8 } });
  expect(heard).toEqual(
    once({
      [ANNA]: [['student-dashboard']],
      [OLGA]: [['parent-children'], ['parent-dashboard']],
      [MARINA]: [['tutor-dashboard'], ['tutor-students']],
      [ELENA]: [['teacher-students']],
    }),
  );

  expect(await anna()).toMatchObject({ id: 3, grade: 8 });
  expect((await everybody.read(OLGA, '/api/parent/children'))[0]).toMatchObject({ id: 3, grade: 8 });
  expect(await everybody.read(ANNA, '/api/student/dashboard')).toMatchObject({ grade: 8 });
  expect((await everybody.read(MARINA, '/api/tutor/dashboard')).students[0]).toMatchObject({ id: 3, grade: 8 });
  expect((await everybody.read(MARINA, '/api/tutor/students'))[0]).toMatchObject({ id: 3, grade: 8 });
  expect((await everybody.read(ELENA, '/api/teacher/students'))[0]).toMatchObject({ id: 3, grade: 8 });
});
