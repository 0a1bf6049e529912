import { expect, test } from 'vitest';
import { changedStudent, editedValues } from './edit-student.js';
import { student } from './examples.test.support.js';

const before = editedValues(student({ grade: 6, goal: 'Chess', parent: { id: 2, name: 'Ivan Sokolov' } }));

test('only what was changed is sent', () => {
  expect(changedStudent(before, before)).toEqual({});
  expect(changedStudent(before, { ...before, goal: ' Chess ' })).toEqual({});
  expect(changedStudent(before, { ...before, grade: '7' })).toEqual({ grade: 7 });
  expect(changedStudent(before, { ...before, goal: '' })).toEqual({ goal: '' });
});

test('a student can get another parent, and none', () => {
  expect(changedStudent(before, { ...before, parentId: '1' })).toEqual({ parentId: 1 });
  expect(changedStudent(before, { ...before, parentId: '' })).toEqual({ parentId: null });
});
