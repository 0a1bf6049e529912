import type { ParentDashboard, TutorStudent } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { countSubjects, shownSubjects, trueSubjects } from './truth.js';

const NO_PROGRESS = { progress: 0, materials: 0, completed: 0 };
const PAVEL = { id: 8, name: 'Pavel Gromov' };

function enrolled(enrollmentId: number) {
  return { enrollmentId, subjectId: 1, name: 'English', color: '#14666f', teacher: PAVEL };
}

function student(id: number, parentId: number, enrollmentIds: number[]): TutorStudent {
  const parent = { id: parentId, name: 'Parent' };
  const person = { id, name: `Student ${id}`, isActive: true, grade: 4, goal: '', parent };
  return { ...person, ...NO_PROGRESS, subjects: enrollmentIds.map(enrolled) };
}

function dashboard(children: Record<number, number[]>): ParentDashboard {
  return {
    parent: { id: 1, name: 'Olga Petrova' },
    children: Object.entries(children).map(([id, enrollmentIds]) => ({
      id: Number(id),
      name: `Student ${id}`,
      grade: 4,
      goal: '',
      tutor: null,
      ...NO_PROGRESS,
      subjects: enrollmentIds.map((enrollmentId) => ({
        ...enrolled(enrollmentId),
        ...NO_PROGRESS,
        enrolledAt: '2026-11-22T10:00:00Z',
      })),
      studyPlans: [],
      reports: [],
    })),
    statistics: { children: 2, averageProgress: 0, subjects: 3, studyPlans: 0 },
  };
}

test('a dashboard that shows what the tutor sees shows the truth, in whatever order', () => {
  const students = [student(6, 1, [12]), student(5, 1, [11, 10]), student(7, 2, [13])];
  expect(shownSubjects(dashboard({ 5: [10, 11], 6: [12] }))).toBe(trueSubjects(students, 1));
});

test('a missing subject, a subject too many and a subject at the wrong child are not the truth', () => {
  const truth = trueSubjects([student(5, 1, [10, 11]), student(6, 1, [12])], 1);
  expect(shownSubjects(dashboard({ 5: [10], 6: [12] }))).not.toBe(truth);
  expect(shownSubjects(dashboard({ 5: [10, 11, 14], 6: [12] }))).not.toBe(truth);
  expect(shownSubjects(dashboard({ 5: [10, 11, 12], 6: [] }))).not.toBe(truth);
});

test('the subjects of all children are counted', () => {
  expect(countSubjects(dashboard({ 5: [10, 11], 6: [12], 7: [] }))).toBe(3);
});
