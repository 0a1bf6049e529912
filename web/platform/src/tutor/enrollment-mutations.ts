import { type AssignSubject, platformKeys } from '@querycast/platform-protocol';
import type { QueryClient } from '@tanstack/react-query';
import type { PlatformApi } from '../api/platform-api.js';
import { writeOptions } from '../api/write.js';

/** Assigning a subject to a student. */
export interface AssignVariables extends AssignSubject {
  studentId: number;
}

/** Taking a subject away from a student. */
export interface UnassignVariables {
  studentId: number;
  enrollmentId: number;
}

/** Assigns a subject, then shows the tutor's list as the server has it. */
export function assignMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(
    queryClient,
    platformKeys.tutorStudents(),
    'assign',
    ({ studentId, ...subject }: AssignVariables) => api.assignSubject(studentId, subject),
  );
}

/** Takes a subject away; the rest as `assignMutation`. */
export function unassignMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(
    queryClient,
    platformKeys.tutorStudents(),
    'unassign',
    ({ studentId, enrollmentId }: UnassignVariables) => api.unassignSubject(studentId, enrollmentId),
  );
}
