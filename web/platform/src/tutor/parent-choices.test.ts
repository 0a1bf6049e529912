import { expect, test } from 'vitest';
import { student } from './examples.test.support.js';
import { parentChoices, parentsOf } from './parent-choices.js';

const OLGA = { id: 1, name: 'Olga Petrova' };
const IVAN = { id: 2, name: 'Ivan Sokolov' };

test('the parents of all students are offered, each once and by name', () => {
  const students = [
    student({ parent: OLGA }),
    student({ parent: OLGA }),
    student({ parent: null }),
    student({ parent: IVAN }),
  ];
  expect(parentsOf(students)).toEqual([IVAN, OLGA]);
});

test('that a student has no parent is a choice as well', () => {
  expect(parentChoices([IVAN])).toEqual([
    { value: '', label: 'No parent' },
    { value: '2', label: 'Ivan Sokolov' },
  ]);
});
