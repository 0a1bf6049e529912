import { expect, test } from 'vitest';
import { assignableSubjects } from './assignable-subjects.js';

const ELENA = { id: 7, name: 'Elena Orlova' };
const PAVEL = { id: 8, name: 'Pavel Gromov' };

const subject = (id: number, name: string, teachers: { id: number; name: string }[]) => ({
  id,
  name,
  color: '#14666f',
  description: '',
  teachers,
});

test('a subject can be assigned with every teacher the student does not have it with', () => {
  const all = [subject(1, 'Mathematics', [ELENA, PAVEL]), subject(2, 'Physics', [ELENA])];
  const assigned = [{ enrollmentId: 5, subjectId: 1, name: 'Mathematics', color: '#14666f', teacher: ELENA }];
  const choices = assignableSubjects(all, assigned);
  expect(choices.map(({ name, teachers }) => [name, teachers])).toEqual([
    ['Mathematics', [PAVEL]],
    ['Physics', [ELENA]],
  ]);
});

test('a subject without a teacher left is no choice', () => {
  const all = [subject(1, 'Mathematics', [ELENA]), subject(3, 'Chess', [])];
  const assigned = [{ enrollmentId: 5, subjectId: 1, name: 'Mathematics', color: '#14666f', teacher: ELENA }];
  expect(assignableSubjects(all, assigned)).toEqual([]);
});
