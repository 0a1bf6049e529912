import { canonicalForm, type QueryKey } from '@querycast/protocol';
import { expect, test } from 'vitest';
import { strayed } from './judge.js';

const ROOM = 'parent:1';
const CHILD: QueryKey = ['student-progress', 11];
const ROOT: QueryKey = ['student-progress'];

const pushed = (...keys: readonly QueryKey[]) => keys.map((key) => ({ source: 'users', room: ROOM, key }));
const logged = (...keys: readonly QueryKey[]) => new Map([[ROOM, new Set(keys.map(canonicalForm))]]);

test('a key that a later commit covers may be in the log or not', () => {
  expect(strayed(pushed(CHILD, ROOT), logged(CHILD, ROOT))).toEqual([]);
  expect(strayed(pushed(CHILD, ROOT), logged(ROOT))).toEqual([]);
});

test('what was said and is not in the log, and what is there that nobody said, stray', () => {
  expect(strayed(pushed(CHILD, ROOT), logged(CHILD))).toEqual(['["student-progress"] was not published to parent:1']);
  expect(strayed(pushed(ROOT), logged(CHILD, ROOT))).toEqual([
    '["student-progress",11] was published to parent:1 by nobody',
  ]);
  expect(strayed([], logged(CHILD))).toEqual(['["student-progress",11] was published to parent:1 by nobody']);
});
