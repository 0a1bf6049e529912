import type { AdminUser, Role } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { filterUsers } from './user-filter.js';

function user(id: number, firstName: string, lastName: string, role: Role): AdminUser {
  return { id, firstName, lastName, role, email: `${role}${id}@demo.test`, isActive: true };
}

const USERS = [
  user(1, 'Olga', 'Petrova', 'parent'),
  user(2, 'Anna', 'Petrova', 'student'),
  user(3, 'Elena', 'Orlova', 'teacher'),
];

const found = (text: string, role = '') => filterUsers(USERS, { text, role }).map(({ id }) => id);

test('without anything to look for everybody is found', () => {
  expect(found('  ')).toEqual([1, 2, 3]);
});

test('a part of the name or of the e-mail address finds, however it is written', () => {
  expect(found('petr')).toEqual([1, 2]);
  expect(found('PARENT1@')).toEqual([1]);
});

test('several words must all be found, in whatever order', () => {
  expect(found('petrova anna')).toEqual([2]);
  expect(found('anna orlova')).toEqual([]);
});

test('a role narrows it down', () => {
  expect(found('', 'teacher')).toEqual([3]);
  expect(found('petrova', 'student')).toEqual([2]);
});
