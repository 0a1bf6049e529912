import { type AssignSubject, platformKeys } from '@querycast/platform-protocol';
import { mutationOptions, type QueryClient } from '@tanstack/react-query';
import type { PlatformApi } from '../api/platform-api.js';

/** Assigning a subject to a student. */
export interface AssignVariables extends AssignSubject {
  studentId: number;
}

/** Taking a subject away from a student. */
export interface UnassignVariables {
  studentId: number;
  enrollmentId: number;
}

/**
 * Assigns a subject, then shows the tutor's list as the server has it. The key begins with the list's root, so that the
 * live connection knows whose change its own frame is.
 */
export function assignMutation(api: PlatformApi, queryClient: QueryClient) {
  return mutationOptions({
    mutationKey: [...platformKeys.tutorStudents(), 'assign'],
    mutationFn: ({ studentId, ...subject }: AssignVariables) => api.assignSubject(studentId, subject),
    onSettled: () => queryClient.invalidateQueries({ queryKey: platformKeys.tutorStudents() }),
  });
}

/** Takes a subject away; the rest as `assignMutation`. */
export function unassignMutation(api: PlatformApi, queryClient: QueryClient) {
  return mutationOptions({
    mutationKey: [...platformKeys.tutorStudents(), 'unassign'],
    mutationFn: ({ studentId, enrollmentId }: UnassignVariables) => api.unassignSubject(studentId, enrollmentId),
    onSettled: () => queryClient.invalidateQueries({ queryKey: platformKeys.tutorStudents() }),
  });
}
