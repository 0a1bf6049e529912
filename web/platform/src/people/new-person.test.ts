import { expect, test } from 'vitest';
import { personOf, personProblems } from './new-person.js';

test('an e-mail address is checked as the server checks it, spaces around aside', () => {
  expect(personProblems.email(' olga@demo.test ')).toBeNull();
  for (const wrong of ['', 'olga', 'olga@demo', '.olga@demo.test', 'ol ga@demo.test']) {
    expect(personProblems.email(wrong)).toBe('must be an e-mail address');
  }
  expect(personProblems.email(`${'o'.repeat(250)}@demo.test`)).toBe('is too long');
});

test('a password has at least eight characters, spaces included', () => {
  expect(personProblems.password('1234567')).toBe('must have at least 8 characters');
  expect(personProblems.password('       8')).toBeNull();
});

test('spaces around are not sent, but in a password every character counts', () => {
  expect(
    personOf({ firstName: ' Vera ', lastName: 'Orlova ', email: ' vera@demo.test', password: ' secret ' }),
  ).toEqual({
    firstName: 'Vera',
    lastName: 'Orlova',
    email: 'vera@demo.test',
    password: ' secret ',
  });
});
