import { expect, test } from 'vitest';
import { warmUpsOf } from './warm-ups.js';

function keysOf(...pushes: Parameters<typeof warmUpsOf>[0]): string[] {
  return warmUpsOf(pushes).map(({ entry }) => entry.key);
}

test('each pushed key names the entry of the person whose room it is', () => {
  expect(
    keysOf(
      { room: 'parent:1', keys: [['parent-dashboard'], ['parent-child-subjects', 3]] },
      { room: 'student:3', keys: [['study-plans']] },
      { room: 'teacher:6', keys: [['study-plans'], ['student-reports', 3]] },
    ),
  ).toEqual([
    'parent_dashboard_data:1:dashboard',
    'parent_dashboard_data:1:child_subjects:3',
    'student_dashboard_data:3:study_plans',
    'teacher_dashboard_data:6:study_plans',
    'teacher_dashboard_data:6:student_reports:3',
  ]);
});

test('an entry that several pushes name is named once', () => {
  const push = { room: 'parent:1', keys: [['parent-children'], ['parent-dashboard']] } as const;
  expect(keysOf(push, push)).toEqual(['parent_children:1', 'parent_dashboard_data:1:dashboard']);
});

test('a key that covers every student names no entry, nor does one that no read of that person has', () => {
  expect(
    keysOf(
      { room: 'parent:1', keys: [['student-progress'], ['student-dashboard'], ['subjects'], ['parent-dashboard', 3]] },
      {
        room: 'parent:1',
        keys: [
          ['student-progress', 'three'],
          ['student-progress', 3, 4],
          ['student-progress', -1],
        ],
      },
      { room: 'parent:mine', keys: [['parent-dashboard']] },
      { room: 'admin:9', keys: [['parent-dashboard']] },
      { room: 'school:1', keys: [['parent-dashboard']] },
    ),
  ).toEqual([]);
});
