import type { EditProfile, Profile, Subject } from '@querycast/platform-protocol';
import { type AdminApi, createAdminApi } from './admin-api.js';
import { createApiCalls } from './api-calls.js';
import { createParentApi, type ParentApi } from './parent-api.js';
import type { QueryContext, SendRequest } from './request.js';
import { createStudentApi, type StudentApi } from './student-api.js';
import { createTeacherApi, type TeacherApi } from './teacher-api.js';
import { createTutorApi, type TutorApi } from './tutor-api.js';

/** The endpoints of one logged-in person, whatever the role; each rejects as `requestJson` does. */
export interface PlatformApi extends ParentApi, StudentApi, TeacherApi, TutorApi, AdminApi {
  subjects(query: QueryContext): Promise<Subject[]>;
  profile(query: QueryContext): Promise<Profile>;
  editProfile(profile: EditProfile): Promise<Profile>;
}

/** The API as the person sees it whose token `send` carries. */
export function createPlatformApi(send: SendRequest): PlatformApi {
  const calls = createApiCalls(send);
  return {
    ...createParentApi(calls),
    ...createStudentApi(calls),
    ...createTeacherApi(calls),
    ...createTutorApi(calls),
    ...createAdminApi(calls),
    subjects: (query) => calls.get('/api/subjects', query),
    profile: (query) => calls.get('/api/auth/me', query),
    editProfile: (profile) => calls.write('PATCH', '/api/auth/me', profile),
  };
}
