import { expect, test } from 'vitest';
import { type NewStudentValues, NO_STUDENT_YET, newStudentOf, newStudentProblems } from './new-student.js';
import { NEW_PARENT } from './parent-choices.js';

const VERA = { firstName: 'Vera', lastName: 'Orlova', email: 'vera@demo.test', password: 'password' };
const DINA = { firstName: 'Dina', lastName: 'Orlova', email: 'dina@demo.test', password: 'password' };

const form = (values: Partial<NewStudentValues>): NewStudentValues => ({ ...NO_STUDENT_YET, ...VERA, ...values });

test('a student comes without a parent, with one who is known, or with a new one in the same request', () => {
  const vera = { ...VERA, grade: 5, goal: 'Read more' };
  const typed = { grade: '5', goal: ' Read more ', parent: DINA };
  expect(newStudentOf(form(typed))).toEqual(vera);
  expect(newStudentOf(form({ ...typed, parentId: '2' }))).toEqual({ ...vera, parentId: 2 });
  expect(newStudentOf(form({ ...typed, parentId: NEW_PARENT }))).toEqual({ ...vera, parent: DINA });
});

test('the fields of a parent count only while a new one is to be added', () => {
  const { firstName, email, password } = newStudentProblems.parent;
  for (const check of [firstName, email, password]) {
    expect(check('', form({ parentId: '2' }))).toBeNull();
    expect(check('', form({ parentId: NEW_PARENT }))).not.toBeNull();
  }
});

test('a parent needs an e-mail address of their own', () => {
  const parent = { ...DINA, email: 'VERA@demo.test' };
  expect(newStudentProblems.parent.email(parent.email, form({ parentId: NEW_PARENT, parent }))).toContain(
    'another one',
  );
  expect(newStudentProblems.parent.email(DINA.email, form({ parentId: NEW_PARENT, parent: DINA }))).toBeNull();
});
