import { canonicalForm, isKeyPrefix, isRoom, queryKeyProblem } from '@querycast/protocol';
import { describe, expect, test } from 'vitest';
import { type PlatformKey, platformKeys } from './keys.js';
import { personRoom, type Role } from './rooms.js';

const STUDENT = Number.MAX_SAFE_INTEGER;

/** The keys of each role. */
const KEYS_OF_ROLE = {
  parent: {
    parentDashboard: platformKeys.parentDashboard(),
    parentChildren: platformKeys.parentChildren(),
    parentChildSubjects: platformKeys.parentChildSubjects(STUDENT),
    childProgress: platformKeys.childProgress(STUDENT),
    childStudyPlans: platformKeys.childStudyPlans(STUDENT),
    studentReports: platformKeys.studentReports(STUDENT),
    tutorWeeklyReports: platformKeys.tutorWeeklyReports(),
    subjects: platformKeys.subjects(),
    profile: platformKeys.profile(),
  },
  student: {
    studentDashboard: platformKeys.studentDashboard(),
    studentMaterials: platformKeys.studentMaterials(),
    studentProgress: platformKeys.studentProgress(),
    studyPlans: platformKeys.studyPlans(),
    subjects: platformKeys.subjects(),
    profile: platformKeys.profile(),
  },
  teacher: {
    teacherDashboard: platformKeys.teacherDashboard(),
    teacherStudents: platformKeys.teacherStudents(),
    teacherMaterials: platformKeys.teacherMaterials(),
    studyPlans: platformKeys.studyPlans(),
    studentReports: platformKeys.studentReports(STUDENT),
    teacherWeeklyReports: platformKeys.teacherWeeklyReports(),
    subjects: platformKeys.subjects(),
    profile: platformKeys.profile(),
  },
  tutor: {
    tutorDashboard: platformKeys.tutorDashboard(),
    tutorStudents: platformKeys.tutorStudents(),
    tutorWeeklyReports: platformKeys.tutorWeeklyReports(),
    teacherWeeklyReports: platformKeys.teacherWeeklyReports(),
    subjects: platformKeys.subjects(),
    profile: platformKeys.profile(),
  },
  admin: { subjects: platformKeys.subjects(), profile: platformKeys.profile(), users: platformKeys.users() },
} satisfies Record<Role, Partial<Record<keyof typeof platformKeys, PlatformKey>>>;

const ROLES = Object.keys(KEYS_OF_ROLE) as Role[];

test('every key belongs to a role', () => {
  const used = ROLES.flatMap((role) => Object.keys(KEYS_OF_ROLE[role]));
  expect(new Set(used)).toEqual(new Set(Object.keys(platformKeys)));
});

describe.each(ROLES)('the keys of a %s', (role) => {
  const keys: readonly PlatformKey[] = Object.values(KEYS_OF_ROLE[role]);

  test('are query keys within the limits', () => {
    for (const key of keys) expect(queryKeyProblem(key)).toBeUndefined();
  });

  test('are all different, and none is a prefix of another: a push refetches what it names and nothing else', () => {
    expect(new Set(keys.map((key) => canonicalForm(key))).size).toBe(keys.length);
    for (const key of keys) expect(keys.filter((other) => isKeyPrefix(key, other))).toEqual([key]);
  });
});

test('keys tell one child from another, by number', () => {
  expect(canonicalForm(platformKeys.parentChildSubjects(7))).toBe('["parent-child-subjects",7]');
  expect(isKeyPrefix(platformKeys.parentChildSubjects(7), platformKeys.parentChildSubjects(70))).toBe(false);
});

describe('the rooms of the platform', () => {
  test('are valid for every role and id', () => {
    for (const role of ROLES) {
      for (const id of [1, 42, Number.MAX_SAFE_INTEGER]) expect(isRoom(personRoom(role, id))).toBe(true);
    }
  });

  test('belong to one person in one role', () => {
    expect(personRoom('parent', 42)).toBe('parent:42');
    expect(personRoom('parent', 1)).not.toBe(personRoom('student', 1));
  });
});
