import { platformKeys } from '@querycast/platform-protocol';
import { QueryClient, type QueryKey } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { isPushed } from './is-pushed.js';

function asked(queryKey: QueryKey): boolean {
  return isPushed(new QueryClient().getQueryCache().build(new QueryClient(), { queryKey }));
}

test('what the backend never pushes is not asked for again after a lost connection', () => {
  for (const key of [platformKeys.subjects(), platformKeys.profile(), platformKeys.users()]) {
    expect(asked(key)).toBe(false);
  }
});

test('everything else is pushed', () => {
  expect(asked(platformKeys.tutorStudents())).toBe(true);
  expect(asked(platformKeys.parentChildSubjects(3))).toBe(true);
});
