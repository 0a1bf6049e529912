import { expect, test } from 'vitest';
import type { ArrivedTravel } from './trail.js';
import { capturedAtMs, findTravel, formatTook, keysOf, otherRooms, signalText } from './travel.js';

function travel(arrivedAtMs: number, source: string, row: Record<string, number>): ArrivedTravel {
  return {
    changes: [
      { source, operation: 'insert', row },
      { source: 'invalidate_cache', operation: 'call', row: { role: 'parent', userId: 1 } },
    ],
    rooms: [
      { room: 'parent:1', keys: [['parent-dashboard'], ['study-plans', 3]] },
      { room: 'student:3', keys: [['student-dashboard']] },
    ],
    publishedAfterMs: 8,
    ageMs: 10,
    arrivedAtMs,
  };
}

const plan = { source: 'study_plans', row: { id: 7 } };

test('a change is found by its row, and only since it was begun', () => {
  const arrived = [
    travel(100, 'study_plans', { id: 7 }),
    travel(300, 'subject_enrollments', { id: 7 }),
    travel(310, 'study_plans', { id: 8 }),
  ];
  expect(findTravel(arrived, plan, 200)).toBeUndefined();
  const own = travel(320, 'study_plans', { id: 7 });
  expect(findTravel([...arrived, own], plan, 200)).toBe(own);
});

test('a key of two columns must be the same in both', () => {
  const row = { student_id: 3, material_id: 2 };
  const arrived = [travel(10, 'material_progress', { student_id: 3, material_id: 4 })];
  expect(findTravel(arrived, { source: 'material_progress', row }, 0)).toBeUndefined();
});

test('the moment of the change is its age before it was heard of', () => {
  expect(capturedAtMs(travel(100, 'study_plans', { id: 7 }))).toBe(90);
});

test('what travelled is told in words', () => {
  const told = travel(0, 'study_plans', { id: 7 });
  expect(told.changes.map(signalText)).toEqual(['study_plans · insert', 'explicit call invalidate_cache']);
  expect(keysOf(told, 'parent:1')).toEqual(['["parent-dashboard"]', '["study-plans", 3]']);
  expect(keysOf(told, 'parent:2')).toEqual([]);
  expect(otherRooms(told, 'parent:1')).toEqual(['student:3 (1 key)']);
});

test('times are told in milliseconds, long ones in seconds', () => {
  expect([formatTook(42.6), formatTook(9_999), formatTook(12_345)]).toEqual(['43 ms', '9999 ms', '12.3 s']);
});
