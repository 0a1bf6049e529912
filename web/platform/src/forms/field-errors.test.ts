import { expect, test } from 'vitest';
import { ApiRequestError, ApiUnreachableError } from '../api/errors.js';
import { fieldNamesOf, refusalOf } from './field-errors.js';

const refused = (fields: Record<string, string>) => new ApiRequestError(400, 'invalid', 'Check the fields.', fields);

test('what is said of a field of the form stands beside it and nowhere else', () => {
  expect(refusalOf(refused({ title: 'is too short' }), ['title', 'content'])).toEqual({
    fields: { title: 'is too short' },
    message: '',
  });
});

test('what is said of a field that the form does not have is not lost', () => {
  expect(refusalOf(refused({ title: 'is too short', week: 'is over' }), ['title'])).toEqual({
    fields: { title: 'is too short' },
    message: 'Check the fields. week: is over',
  });
});

test('an error without fields, and no answer at all, are said above the form', () => {
  expect(refusalOf(new ApiRequestError(409, 'conflict', 'It was sent already.'), ['title'])).toEqual({
    fields: {},
    message: 'It was sent already.',
  });
  expect(refusalOf(new ApiUnreachableError(new TypeError()), ['title']).message).toContain('cannot be reached');
});

test('the fields of a person inside of the form are named by their path', () => {
  const names = fieldNamesOf({ email: '', parent: { email: '' }, subjects: ['1'], nobody: null });
  expect(names).toEqual(['email', 'parent.email', 'subjects', 'nobody']);
  expect(refusalOf(refused({ 'parent.email': 'is taken' }), names)).toEqual({
    fields: { 'parent.email': 'is taken' },
    message: '',
  });
});
