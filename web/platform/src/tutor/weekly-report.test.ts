import type { TutorWeeklyReport } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { student } from './examples.test.support.js';
import { addresseeOf, titleOf } from './weekly-report.js';

const OLGA = { id: 1, name: 'Olga Petrova' };
const IVAN = { id: 2, name: 'Ivan Sokolov' };
const DRAFT: TutorWeeklyReport = {
  id: 9,
  student: { id: 3, name: 'Lev Sokolov' },
  tutor: { id: 8, name: 'Marina Belova' },
  parent: OLGA,
  weekStartDate: '2026-09-07',
  summary: 'A good week.',
  status: 'draft',
  sentAt: null,
};

test('a draft is for whoever is the parent now, a sent report for whoever got it', () => {
  const students = [student({ id: 3, parent: IVAN })];
  expect(addresseeOf(DRAFT, students)).toEqual(IVAN);
  expect(addresseeOf({ ...DRAFT, status: 'sent' }, students)).toEqual(OLGA);
});

test('a draft on a student without a parent, or of somebody else now, is for nobody', () => {
  expect(addresseeOf(DRAFT, [student({ id: 3 })])).toBeNull();
  expect(addresseeOf(DRAFT, [])).toBeNull();
  expect(addresseeOf(DRAFT, undefined)).toBeUndefined();
});

test('a report is called by its student and its week: both together there are once', () => {
  expect(titleOf(DRAFT)).toBe('Lev Sokolov, week of 7 Sept');
});
