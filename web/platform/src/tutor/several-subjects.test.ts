import { expect, test } from 'vitest';
import { ApiRequestError } from '../api/errors.js';
import { asProblemOfLessons, lessonsFor, lessonsProblem } from './several-subjects.js';

const ELENA = { id: 7, name: 'Elena Orlova' };
const PAVEL = { id: 8, name: 'Pavel Gromov' };
const MATHEMATICS = { id: 1, name: 'Mathematics', color: '#4c6ef5', description: '', teachers: [ELENA, PAVEL] };
const PHYSICS = { id: 2, name: 'Physics', color: '#12b886', description: '', teachers: [ELENA] };
const LESSONS = lessonsFor([MATHEMATICS, PHYSICS], []);

test('each subject is offered with each of its teachers, but for what the student has already', () => {
  expect(LESSONS.map(({ value, label }) => [value, label])).toEqual([
    ['1 7', 'Mathematics with Elena Orlova'],
    ['1 8', 'Mathematics with Pavel Gromov'],
    ['2 7', 'Physics with Elena Orlova'],
  ]);
  const assigned = { enrollmentId: 5, subjectId: 1, name: 'Mathematics', color: '#4c6ef5', teacher: ELENA };
  expect(lessonsFor([MATHEMATICS, PHYSICS], [assigned]).map(({ value }) => value)).toEqual(['1 8', '2 7']);
});

test('at least one must be ticked, and at most fifty', () => {
  expect(lessonsProblem([])).toContain('at least one');
  expect(lessonsProblem(['1 7'])).toBeNull();
  expect(lessonsProblem(Array.from({ length: 51 }, (_, id) => `${id} 7`))).toContain('50');
});

test('what the server says of a place in the list is said of the box that stood there', () => {
  const refused = new ApiRequestError(400, 'bad_request', 'Check these fields: subjects.1.teacherId.', {
    'subjects.1.teacherId': 'does not teach this subject',
  });
  expect(asProblemOfLessons(refused, LESSONS)).toMatchObject({
    status: 400,
    fields: { subjects: 'Mathematics with Pavel Gromov: does not teach this subject.' },
  });
});

test('any other error stays what it is', () => {
  const gone = new ApiRequestError(404, 'not_found', 'There is nothing here for you.');
  expect(asProblemOfLessons(gone, LESSONS)).toBe(gone);
});
