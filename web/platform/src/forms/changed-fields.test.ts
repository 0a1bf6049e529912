import { expect, test } from 'vitest';
import { changedFields } from './changed-fields.js';

test('only what was changed is written', () => {
  const before = { title: 'Fractions', content: 'Page 4', subjectId: 1 };
  expect(changedFields(before, { ...before, content: 'Page 5' })).toEqual({ content: 'Page 5' });
  expect(changedFields(before, { ...before, subjectId: 2 })).toEqual({ subjectId: 2 });
});

test('space around a text is no change', () => {
  expect(changedFields({ title: 'Fractions' }, { title: ' Fractions\n' })).toEqual({});
});
