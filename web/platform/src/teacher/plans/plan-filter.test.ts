import type { StudyPlanStatus, TeacherStudyPlan } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { plannedStudents, plansIn, plansOf } from './plan-filter.js';

const plan = (id: number, studentId: number, name: string, status: StudyPlanStatus): TeacherStudyPlan => ({
  id,
  studentId,
  student: { id: studentId, name },
  subjectId: 1,
  subject: { id: 1, name: 'Mathematics', color: '#4c6ef5' },
  title: `Plan ${id}`,
  content: 'Ten equations a day.',
  weekStartDate: '2026-11-23',
  weekEndDate: '2026-11-29',
  status,
  sentAt: null,
});
const PLANS = [plan(3, 5, 'Lev', 'sent'), plan(2, 3, 'Anna', 'draft'), plan(1, 3, 'Anna', 'sent')];

test('plans are shown by student and by status, in the order they came in', () => {
  const ids = plansIn(plansOf(PLANS, 3), 'sent').map(({ id }) => id);
  expect(ids).toEqual([1]);
  expect(plansIn(plansOf(PLANS, undefined), 'all')).toEqual(PLANS);
});

test('every student who has a plan can be chosen once, by name', () => {
  expect(plannedStudents(PLANS).map(({ name }) => name)).toEqual(['Anna', 'Lev']);
});
