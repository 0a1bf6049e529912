import type { ParentDashboard } from '@querycast/platform-protocol';
import { expect, test } from 'vitest';
import { stateOf } from './truth.js';

const DASHBOARD: ParentDashboard = {
  parent: { id: 1, name: 'Olga Petrova' },
  children: [
    {
      id: 3,
      name: 'Anna Petrova',
      grade: 7,
      goal: 'A place at the olympiad',
      tutor: null,
      progress: 70,
      materials: 2,
      completed: 1,
      subjects: [],
      studyPlans: [],
      reports: [],
    },
  ],
  statistics: { children: 1, averageProgress: 70, subjects: 0, studyPlans: 0 },
};

test('whatever a dashboard shows makes a difference, down to a goal', () => {
  const children = DASHBOARD.children.map((child) => ({ ...child, goal: 'Another one' }));
  expect(stateOf({ ...DASHBOARD, children })).not.toBe(stateOf(DASHBOARD));
  expect(stateOf(structuredClone(DASHBOARD))).toBe(stateOf(DASHBOARD));
});

test('the order of names makes none, that of a list does', () => {
  const { statistics, ...rest } = DASHBOARD;
  expect(stateOf({ statistics, ...rest })).toBe(stateOf(DASHBOARD));
  const two = {
    ...DASHBOARD,
    children: [...DASHBOARD.children, ...DASHBOARD.children.map((it) => ({ ...it, id: 4 }))],
  };
  expect(stateOf({ ...two, children: two.children.toReversed() })).not.toBe(stateOf(two));
});
