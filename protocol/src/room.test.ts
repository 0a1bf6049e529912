import { describe, expect, test } from 'vitest';
import { HOSTILE } from './arbitrary.test.support.js';
import { MAX_REASON_LENGTH, MAX_ROOM_ID_LENGTH, MAX_ROOM_KIND_LENGTH } from './limits.js';
import { isReason } from './reason.js';
import { isRoom, roomProblem } from './room.js';

describe('a room', () => {
  test.each(['parent:42', 'a:1', 'class-of-7:A_b.c-9', 'constructor:1', 'a:__proto__', 'a:..'])('is %s', (value) => {
    expect(roomProblem(value)).toBeUndefined();
  });

  test(`has a kind of ${MAX_ROOM_KIND_LENGTH} characters and not one more`, () => {
    expect(isRoom(`${'k'.repeat(MAX_ROOM_KIND_LENGTH)}:1`)).toBe(true);
    expect(isRoom(`${'k'.repeat(MAX_ROOM_KIND_LENGTH + 1)}:1`)).toBe(false);
  });

  test(`has an id of ${MAX_ROOM_ID_LENGTH} characters and not one more`, () => {
    expect(isRoom(`k:${'1'.repeat(MAX_ROOM_ID_LENGTH)}`)).toBe(true);
    expect(isRoom(`k:${'1'.repeat(MAX_ROOM_ID_LENGTH + 1)}`)).toBe(false);
  });

  test.each([
    '',
    ':',
    'parent',
    'parent:',
    ':42',
    'Parent:42',
    '7up:1',
    '-a:1',
    'a_b:1',
    'parent:4 2',
    'parent:42\n',
    '\nparent:42',
    'parent:4:2',
    'parent:{42}',
    'parent:*',
    'parent:é',
    '__proto__:1',
  ])('is not %j', (value) => {
    expect(isRoom(value)).toBe(false);
  });

  test.each(HOSTILE)('is not %s, and asking does not throw', (_, make) => {
    expect(roomProblem(make())).toMatch(/^a room must /);
  });

  test('is never quoted by the rule it breaks', () => {
    expect(roomProblem('secret-token')).not.toContain('secret');
    expect(roomProblem(['secret-token'])).toBe('a room must be a string like "parent:42", got object');
    expect(roomProblem(null)).toBe('a room must be a string like "parent:42", got null');
  });
});

describe('a reason', () => {
  test(`is ${MAX_REASON_LENGTH} lower-case characters at most`, () => {
    expect(isReason('subject.assigned_2-x')).toBe(true);
    expect(isReason('r'.repeat(MAX_REASON_LENGTH))).toBe(true);
    expect(isReason('r'.repeat(MAX_REASON_LENGTH + 1))).toBe(false);
  });

  test.each(['', 'A', 'a b', 'a\n', 'é'])('is not %j', (value) => {
    expect(isReason(value)).toBe(false);
  });

  test.each(HOSTILE)('is not %s, and asking does not throw', (_, make) => {
    expect(isReason(make())).toBe(false);
  });
});
