import { sql } from 'drizzle-orm';
import type { Database } from './database.js';
import {
  materialAssignments,
  materialProgress,
  materials,
  studentReports,
  studyPlans,
  teacherWeeklyReports,
  tutorWeeklyReports,
} from './schema.js';

/** Ids of the demo people and subjects that have something to do with each other. */
export interface DemoIds {
  readonly olga: number;
  readonly ivan: number;
  readonly anna: number;
  readonly misha: number;
  readonly lev: number;
  readonly elena: number;
  readonly pavel: number;
  readonly marina: number;
  readonly mathematics: number;
  readonly english: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** When the demo's things happen: whoever tries it in a year is not to find a week long ago. */
function demoDates(now: number) {
  const midnight = now - (now % DAY_MS);
  const monday = midnight - ((new Date(now).getUTCDay() + 6) % 7) * DAY_MS;
  return {
    /** Monday of the week that plans and reports are about. */
    week: new Date(monday).toISOString().slice(0, 10),
    /** The Sunday before it. */
    sentAt: new Date(monday - DAY_MS + 16 * HOUR_MS),
    /** In the week before. */
    fractionsDone: new Date(monday - 5 * DAY_MS + 15 * HOUR_MS),
  };
}

/**
 * Loads what the demo people work on: materials with progress, and one sent plan and one report for each student, all
 * about the week of `now`, in milliseconds since 1970.
 */
export async function loadDemoLearning(tx: Database, ids: DemoIds, now: number): Promise<void> {
  const { olga, ivan, anna, misha, lev, elena, pavel, marina, mathematics, english } = ids;
  const { week, sentAt, fractionsDone } = demoDates(now);
  const sent = { status: 'sent', sentAt } as const;
  await tx.insert(materials).values([
    {
      id: 1,
      authorId: elena,
      subjectId: mathematics,
      title: 'Fractions in the kitchen',
      type: 'lesson',
      status: 'active',
    },
    {
      id: 2,
      authorId: elena,
      subjectId: mathematics,
      title: 'Twenty linear equations',
      type: 'exercise',
      status: 'active',
    },
    { id: 3, authorId: elena, subjectId: mathematics, title: 'Olympiad rehearsal', type: 'test', status: 'draft' },
    { id: 4, authorId: pavel, subjectId: english, title: 'A story in ten pictures', type: 'lesson', status: 'active' },
    { id: 5, authorId: pavel, subjectId: english, title: 'B1 speaking cards', type: 'exercise', status: 'active' },
  ]);
  await tx.insert(materialAssignments).values([
    { materialId: 1, studentId: anna },
    { materialId: 2, studentId: anna },
    { materialId: 4, studentId: misha },
    { materialId: 4, studentId: lev },
    { materialId: 5, studentId: lev },
  ]);
  await tx.insert(materialProgress).values([
    {
      studentId: anna,
      materialId: 1,
      progressPercentage: 100,
      timeSpentMinutes: 50,
      isCompleted: true,
      completedAt: fractionsDone,
    },
    { studentId: anna, materialId: 2, progressPercentage: 40, timeSpentMinutes: 35 },
    { studentId: misha, materialId: 4, progressPercentage: 60, timeSpentMinutes: 25 },
    { studentId: lev, materialId: 5, progressPercentage: 25, timeSpentMinutes: 20 },
  ]);
  const inMathematics = { teacherId: elena, subjectId: mathematics, weekStartDate: week };
  const inEnglish = { teacherId: pavel, subjectId: english, weekStartDate: week };
  await tx.insert(studyPlans).values([
    {
      ...inMathematics,
      ...sent,
      studentId: anna,
      enrollmentId: 1,
      title: 'Equations with one unknown',
      content:
        'Monday to Wednesday: ten equations a day from the set.\nThursday: word problems 1 to 4.\nFriday: talk through what was hard.',
    },
    {
      ...inEnglish,
      ...sent,
      studentId: misha,
      enrollmentId: 2,
      title: 'Tell a story of your own',
      content:
        'Look at the ten pictures again and tell the story aloud.\nDraw an eleventh picture and write three sentences to it.',
    },
    {
      ...inEnglish,
      ...sent,
      studentId: lev,
      enrollmentId: 3,
      title: 'Speaking, part one of the exam',
      content:
        'Five cards a day, two minutes each, recorded.\nListen to Friday again on Sunday and note three mistakes.',
    },
    {
      ...inMathematics,
      studentId: anna,
      enrollmentId: 1,
      title: 'Rehearsal for the olympiad',
      content: 'Two problems of last year, without help and with a clock.',
    },
  ]);
  await tx.insert(studentReports).values([
    {
      ...sent,
      teacherId: elena,
      parentId: olga,
      studentId: anna,
      title: 'Fractions are done',
      content: 'Anna adds and divides fractions without mistakes now. Equations come next.',
    },
    {
      ...sent,
      teacherId: pavel,
      parentId: ivan,
      studentId: lev,
      title: 'Speaking more freely',
      content: 'Lev answers in whole sentences. What is missing for B1 are the past tenses.',
    },
  ]);
  await tx.insert(tutorWeeklyReports).values({
    ...sent,
    tutorId: marina,
    parentId: olga,
    studentId: misha,
    weekStartDate: week,
    summary: 'Misha read his first English book to the end and wants the next one.',
  });
  await tx.insert(teacherWeeklyReports).values({
    ...sent,
    teacherId: elena,
    tutorId: marina,
    studentId: anna,
    weekStartDate: week,
    summary: 'Anna is ahead of her class. She could take Physics as well.',
  });
  await tx.execute(sql`SELECT setval(pg_get_serial_sequence('materials', 'id'), (SELECT max(id) FROM materials))`);
}
