import { expect, test } from 'vitest';
import { student } from './examples.test.support.js';
import { studentNews } from './student-news.js';

const LEV = student({
  subjects: [
    { enrollmentId: 11, subjectId: 1, name: 'English', color: '#12b886', teacher: { id: 7, name: 'Pavel Gromov' } },
  ],
});

test('a student and each subject are said on their own, so that a change says no more than what has changed', () => {
  expect(studentNews([LEV])).toEqual([
    ['student 3', 'Lev Sokolov, grade 6, no parent, progress 0 %'],
    ['enrollment 11', 'English with Pavel Gromov for Lev Sokolov'],
  ]);
});

test('all that a card shows of a student is said', () => {
  const parent = { id: 2, name: 'Ivan Sokolov' };
  const [said] = studentNews([student({ goal: 'Chess', parent, isActive: false, progress: 40 })]);
  expect(said?.[1]).toBe('Lev Sokolov, grade 6, parent Ivan Sokolov, progress 40 %, goal: Chess, deactivated');
});
