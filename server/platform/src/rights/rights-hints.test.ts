import { expect, test } from 'vitest';
import { hintedTargets } from './rights-hints.js';

test('a hint names people and log-ins', () => {
  expect(hintedTargets('{"users" : [1,2], "sessions" : ["a"]}')).toEqual([
    { user: '1' },
    { user: '2' },
    { session: 'a' },
  ]);
});

test.each([
  undefined,
  '',
  'all',
  'null',
  '{}',
  '{"users":["1"],"sessions":[]}',
  '{"users":[1]',
  '{"users":[1.5],"sessions":[]}',
])('the hint %j means everybody', (hint) => expect(hintedTargets(hint)).toBeUndefined());
