/** Every endpoint of the API, and who may use it. A route that is not in this table cannot be mounted. */
import type { Role } from '@querycast/platform-protocol';
import type { Relation } from './relations.js';

/** Who may use an endpoint. */
export interface Rule {
  /** Default: anyone, logged in or not. */
  readonly roles?: readonly Role[];
  /** What the first id in the path must be to the viewer; anything else is answered as if it did not exist. */
  readonly of?: Relation;
}

const EVERYBODY = ['parent', 'student', 'teacher', 'tutor', 'admin'] as const;

const RULES = {
  'POST /api/auth/login': {},
  'POST /api/auth/refresh': {},
  'POST /api/auth/logout': {},
  'GET /api/auth/me': { roles: EVERYBODY },
  'PATCH /api/auth/me': { roles: EVERYBODY },
  'POST /api/auth/password': { roles: EVERYBODY },
  'GET /api/subjects': { roles: EVERYBODY },

  'GET /api/parent/dashboard': { roles: ['parent'] },
  'GET /api/parent/children': { roles: ['parent'] },
  'GET /api/parent/children/:childId/subjects': { roles: ['parent'], of: 'child' },
  'GET /api/parent/children/:childId/progress': { roles: ['parent'], of: 'child' },
  'GET /api/parent/children/:childId/study-plans': { roles: ['parent'], of: 'child' },
  'GET /api/parent/children/:childId/reports': { roles: ['parent'], of: 'child' },

  'GET /api/student/dashboard': { roles: ['student'] },
  'GET /api/student/materials': { roles: ['student'] },
  'GET /api/student/progress': { roles: ['student'] },
  'GET /api/student/study-plans': { roles: ['student'] },
  'POST /api/student/materials/:materialId/progress': { roles: ['student'], of: 'assigned material' },

  'GET /api/teacher/dashboard': { roles: ['teacher'] },
  'GET /api/teacher/students': { roles: ['teacher'] },
  'GET /api/teacher/materials': { roles: ['teacher'] },
  'GET /api/teacher/study-plans': { roles: ['teacher'] },
  'GET /api/teacher/students/:studentId/reports': { roles: ['teacher'], of: 'pupil' },
  'POST /api/teacher/study-plans': { roles: ['teacher'] },
  'PATCH /api/teacher/study-plans/:planId': { roles: ['teacher'], of: 'own plan' },
  'DELETE /api/teacher/study-plans/:planId': { roles: ['teacher'], of: 'own plan' },
  'POST /api/teacher/study-plans/:planId/send': { roles: ['teacher'], of: 'own plan' },
  'POST /api/teacher/materials': { roles: ['teacher'] },
  'PATCH /api/teacher/materials/:materialId': { roles: ['teacher'], of: 'own material' },
  'DELETE /api/teacher/materials/:materialId': { roles: ['teacher'], of: 'own material' },
  'PUT /api/teacher/materials/:materialId/assignments': { roles: ['teacher'], of: 'own material' },
  'POST /api/teacher/students/:studentId/reports': { roles: ['teacher'], of: 'pupil' },
  'PATCH /api/teacher/student-reports/:reportId': { roles: ['teacher'], of: 'own student report' },
  'POST /api/teacher/student-reports/:reportId/send': { roles: ['teacher'], of: 'own student report' },

  'GET /api/tutor/dashboard': { roles: ['tutor'] },
  'GET /api/tutor/students': { roles: ['tutor'] },
  'POST /api/tutor/students': { roles: ['tutor'] },
  'PATCH /api/tutor/students/:studentId': { roles: ['tutor'], of: 'tutee' },
  'POST /api/tutor/students/:studentId/subjects': { roles: ['tutor'], of: 'tutee' },
  'POST /api/tutor/students/:studentId/subjects/bulk': { roles: ['tutor'], of: 'tutee' },
  'DELETE /api/tutor/students/:studentId/subjects/:enrollmentId': { roles: ['tutor'], of: 'tutee' },

  'GET /api/tutor-weekly-reports': { roles: ['parent', 'tutor'] },
  'POST /api/tutor-weekly-reports': { roles: ['tutor'] },
  'PATCH /api/tutor-weekly-reports/:reportId': { roles: ['tutor'], of: 'own tutor report' },
  'POST /api/tutor-weekly-reports/:reportId/send': { roles: ['tutor'], of: 'own tutor report' },
  'POST /api/tutor-weekly-reports/:reportId/read': { roles: ['parent'], of: 'received tutor report' },

  'GET /api/teacher-weekly-reports': { roles: ['teacher', 'tutor'] },
  'POST /api/teacher-weekly-reports': { roles: ['teacher'] },
  'PATCH /api/teacher-weekly-reports/:reportId': { roles: ['teacher'], of: 'own teacher report' },
  'POST /api/teacher-weekly-reports/:reportId/send': { roles: ['teacher'], of: 'own teacher report' },

  'GET /api/admin/users': { roles: ['admin'] },
  'POST /api/admin/users': { roles: ['admin'] },
  'PATCH /api/admin/users/:userId': { roles: ['admin'], of: 'user' },
} as const satisfies Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /api/${string}`, Rule>;

/** `<method> <path>`, as mounted. */
export type Endpoint = keyof typeof RULES;

/** The rule of each endpoint. */
export const ENDPOINTS: Readonly<Record<Endpoint, Rule>> = RULES;
