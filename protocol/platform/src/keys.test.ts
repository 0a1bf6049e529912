import { canonicalForm, isKeyPrefix, isRoom, queryKeyProblem } from '@querycast/protocol';
import { describe, expect, test } from 'vitest';
import { type PlatformKey, platformKeys } from './keys.js';
import { personRoom, type Role } from './rooms.js';

/** One key of each kind; the type makes a new kind without an example a compile error. */
const EXAMPLES: Readonly<Record<keyof typeof platformKeys, PlatformKey>> = {
  parentDashboard: platformKeys.parentDashboard(),
  parentChildren: platformKeys.parentChildren(),
  parentChildSubjects: platformKeys.parentChildSubjects(Number.MAX_SAFE_INTEGER),
  tutorStudents: platformKeys.tutorStudents(),
  subjects: platformKeys.subjects(),
};

const ROLES: Readonly<Record<Role, true>> = { parent: true, student: true, teacher: true, tutor: true, admin: true };

describe('the keys of the platform', () => {
  test.each(Object.entries(EXAMPLES))('%s is a query key within the limits', (_, key) => {
    expect(queryKeyProblem(key)).toBeUndefined();
  });

  test('are all different, and none is a prefix of another: a push refetches what it names and nothing else', () => {
    const keys = Object.values(EXAMPLES);
    expect(new Set(keys.map((key) => canonicalForm(key))).size).toBe(keys.length);
    for (const key of keys) expect(keys.filter((other) => isKeyPrefix(key, other))).toEqual([key]);
  });

  test('tell one child from another, by number', () => {
    expect(canonicalForm(platformKeys.parentChildSubjects(7))).toBe('["parent-child-subjects",7]');
    expect(isKeyPrefix(platformKeys.parentChildSubjects(7), platformKeys.parentChildSubjects(70))).toBe(false);
  });
});

describe('the rooms of the platform', () => {
  test('are valid for every role and id', () => {
    for (const role of Object.keys(ROLES) as Role[]) {
      for (const id of [1, 42, Number.MAX_SAFE_INTEGER]) expect(isRoom(personRoom(role, id))).toBe(true);
    }
  });

  test('belong to one person in one role', () => {
    expect(personRoom('parent', 42)).toBe('parent:42');
    expect(personRoom('parent', 1)).not.toBe(personRoom('student', 1));
  });
});
