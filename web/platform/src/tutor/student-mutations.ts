import { type AssignSubject, type CreateStudent, type EditStudent, platformKeys } from '@querycast/platform-protocol';
import type { QueryClient } from '@tanstack/react-query';
import type { PlatformApi } from '../api/platform-api.js';
import { writeOptions } from '../api/write.js';

/** Changing what is known of a student. */
export interface EditStudentVariables {
  studentId: number;
  fields: EditStudent;
}

/** Assigning several subjects to a student, all of them or none. */
export interface AssignSeveralVariables {
  studentId: number;
  subjects: AssignSubject[];
}

/** Takes a student in, with the parent when there is a new one; then shows the tutor's list as the server has it. */
export function createStudentMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(queryClient, platformKeys.tutorStudents(), 'create', (student: CreateStudent) =>
    api.createStudent(student),
  );
}

/** Changes what is known of a student; the rest as `createStudentMutation`. */
export function editStudentMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(
    queryClient,
    platformKeys.tutorStudents(),
    'edit',
    ({ studentId, fields }: EditStudentVariables) => api.editStudent(studentId, fields),
  );
}

/** Assigns several subjects in one request; the rest as `createStudentMutation`. */
export function assignSeveralMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(
    queryClient,
    platformKeys.tutorStudents(),
    'assign-several',
    ({ studentId, subjects }: AssignSeveralVariables) => api.assignSubjects(studentId, { subjects }),
  );
}
