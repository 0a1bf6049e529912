import type {
  AssignSubject,
  ChildSubject,
  Enrollment,
  ParentChild,
  ParentDashboard,
  Subject,
  TutorStudent,
} from '@querycast/platform-protocol';
import { type QueryContext, requestJson, type SendRequest } from './request.js';

/** The endpoints of one logged-in person; each rejects as `requestJson` does. */
export interface PlatformApi {
  parentDashboard(query: QueryContext): Promise<ParentDashboard>;
  parentChildren(query: QueryContext): Promise<ParentChild[]>;
  childSubjects(childId: number, query: QueryContext): Promise<ChildSubject[]>;
  tutorStudents(query: QueryContext): Promise<TutorStudent[]>;
  subjects(query: QueryContext): Promise<Subject[]>;
  assignSubject(studentId: number, subject: AssignSubject): Promise<Enrollment>;
  unassignSubject(studentId: number, enrollmentId: number): Promise<void>;
}

/** The API as the person sees it whose token `send` carries. */
export function createPlatformApi(send: SendRequest): PlatformApi {
  const get = <T>(path: string, query: QueryContext) => requestJson<T>(send, path, { query });
  return {
    parentDashboard: (query) => get('/api/parent/dashboard', query),
    parentChildren: (query) => get('/api/parent/children', query),
    childSubjects: (childId, query) => get(`/api/parent/children/${childId}/subjects`, query),
    tutorStudents: (query) => get('/api/tutor/students', query),
    subjects: (query) => get('/api/subjects', query),
    assignSubject: (studentId, body) =>
      requestJson(send, `/api/tutor/students/${studentId}/subjects`, { method: 'POST', body }),
    unassignSubject: (studentId, enrollmentId) =>
      requestJson(send, `/api/tutor/students/${studentId}/subjects/${enrollmentId}`, { method: 'DELETE' }),
  };
}
