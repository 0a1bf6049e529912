import type { TeacherStudent } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { onlyChoice, studentChoices } from '../student-choices.js';
import { subjectChoices } from './subject-choices.js';

const lesson = (subjectId: number, name: string) => ({ enrollmentId: subjectId, subjectId, name, color: '#4c6ef5' });
const ANNA: TeacherStudent = {
  id: 3,
  name: 'Anna Petrova',
  grade: 7,
  goal: '',
  isActive: true,
  progress: 0,
  materials: 0,
  completed: 0,
  subjects: [lesson(1, 'Mathematics')],
};
const PHYSICS = { id: 2, name: 'Physics', color: '#12b886' };

test('a plan is about what the student learns with the teacher', () => {
  expect(subjectChoices([ANNA], '3')).toEqual([{ value: '1', label: 'Mathematics' }]);
  expect(subjectChoices([ANNA], '')).toEqual([]);
});

test('the subject of a written plan stays a choice when the lessons have ended', () => {
  expect(subjectChoices([ANNA], '3', PHYSICS).map(({ label }) => label)).toEqual(['Physics', 'Mathematics']);
  expect(subjectChoices([], '3', PHYSICS)).toHaveLength(1);
});

test('where there is only one choice it is made', () => {
  const subjects = [lesson(1, 'Mathematics'), lesson(2, 'Physics')];
  expect(onlyChoice(subjectChoices([ANNA], '3'))).toBe('1');
  expect(onlyChoice(subjectChoices([{ ...ANNA, subjects }], '3'))).toBe('');
  expect(onlyChoice([])).toBe('');
});

test('a deactivated student says so', () => {
  expect(studentChoices([{ ...ANNA, isActive: false }])).toEqual([{ value: '3', label: 'Anna Petrova (deactivated)' }]);
});
