import { DEMO_PASSWORD } from '../db/demo-data.js';
import { nextWeek } from '../testing/sample-rows.test.support.js';
import type { Endpoint } from './endpoints.js';
import type { Family } from './families.test.support.js';
import type { Maker } from './related.test.support.js';

/** A good body, of somebody of this family. */
type Body = (family: Family) => object | undefined;

/**
 * The ids in the body by their path, e.g. `studentIds.0`, each with one of another family that is refused there; `null`
 * where any is good that exists.
 */
type IdsInBody = Readonly<Record<string, ((other: Family) => number) | null>>;

interface WithBody {
  readonly body: Body;
  readonly idsInBody?: IdsInBody;
}

/** What a good request to an endpoint needs besides the row that its rule is about. */
type Example<Path extends Endpoint> = (Path extends `${'GET' | 'DELETE'} ${string}` ? { body?: never } : WithBody) &
  (Path extends `${string}/:${string}/:${string}` ? { readonly secondId: Maker } : { secondId?: never }) & {
    /** Whoever sends it with a token is logged out by it; with `everywhere`, wherever they are logged in. */
    readonly endsSession?: true | 'everywhere';
  };

/** {@link Example}, of whichever endpoint. */
export interface AnyExample extends Partial<WithBody> {
  readonly secondId?: Maker;
  readonly endsSession?: true | 'everywhere';
}

const NO_BODY: WithBody = { body: () => undefined };
const TEXT = 'A text that is long enough.';

let people = 0;

/** A good request to every endpoint: one that has none here does not compile. */
const EXAMPLES_BY_ENDPOINT: { readonly [Path in Endpoint]: Example<Path> } = {
  'POST /api/auth/login': { body: () => ({ email: 'parent@demo.test', password: DEMO_PASSWORD }) },
  'POST /api/auth/refresh': NO_BODY,
  'POST /api/auth/logout': { ...NO_BODY, endsSession: true },
  'GET /api/auth/me': {},
  'PATCH /api/auth/me': { body: () => ({ firstName: 'Renamed' }) },
  'POST /api/auth/password': {
    body: () => ({ currentPassword: DEMO_PASSWORD, newPassword: 'another good one' }),
    endsSession: 'everywhere',
  },
  'GET /api/subjects': {},

  'GET /api/parent/dashboard': {},
  'GET /api/parent/children': {},
  'GET /api/parent/children/:childId/subjects': {},
  'GET /api/parent/children/:childId/progress': {},
  'GET /api/parent/children/:childId/study-plans': {},
  'GET /api/parent/children/:childId/reports': {},

  'GET /api/student/dashboard': {},
  'GET /api/student/materials': {},
  'GET /api/student/progress': {},
  'GET /api/student/study-plans': {},
  'POST /api/student/materials/:materialId/progress': {
    body: () => ({ progressPercentage: 50, timeSpentMinutes: 10 }),
  },

  'GET /api/teacher/dashboard': {},
  'GET /api/teacher/students': {},
  'GET /api/teacher/materials': {},
  'GET /api/teacher/study-plans': {},
  'GET /api/teacher/students/:studentId/reports': {},
  'POST /api/teacher/study-plans': {
    body: ({ student, learned }) => ({
      studentId: student,
      subjectId: learned,
      title: TEXT,
      content: TEXT,
      weekStartDate: nextWeek(),
      status: 'sent',
    }),
    idsInBody: { studentId: ({ student }) => student, subjectId: ({ learned }) => learned },
  },
  'PATCH /api/teacher/study-plans/:planId': {
    body: ({ learned }) => ({ subjectId: learned, title: TEXT }),
    idsInBody: { subjectId: ({ learned }) => learned },
  },
  'DELETE /api/teacher/study-plans/:planId': {},
  'POST /api/teacher/study-plans/:planId/send': NO_BODY,
  'POST /api/teacher/materials': {
    body: ({ learned }) => ({ subjectId: learned, title: TEXT, type: 'lesson' }),
    idsInBody: { subjectId: ({ learned }) => learned },
  },
  'PATCH /api/teacher/materials/:materialId': {
    body: ({ taught }) => ({ subjectId: taught, title: TEXT }),
    idsInBody: { subjectId: ({ taught }) => taught },
  },
  'DELETE /api/teacher/materials/:materialId': {},
  'PUT /api/teacher/materials/:materialId/assignments': {
    body: ({ student }) => ({ studentIds: [student] }),
    idsInBody: { 'studentIds.0': ({ student }) => student },
  },
  'POST /api/teacher/students/:studentId/reports': { body: () => ({ title: TEXT, content: TEXT }) },
  'PATCH /api/teacher/student-reports/:reportId': { body: () => ({ content: TEXT }) },
  'POST /api/teacher/student-reports/:reportId/send': NO_BODY,

  'GET /api/tutor/dashboard': {},
  'GET /api/tutor/students': {},
  'POST /api/tutor/students': {
    body: ({ parent }) => ({ ...newPerson(), grade: 3, parentId: parent }),
    idsInBody: { parentId: ({ teacher }) => teacher },
  },
  'PATCH /api/tutor/students/:studentId': {
    body: ({ parent }) => ({ goal: TEXT, parentId: parent }),
    idsInBody: { parentId: ({ teacher }) => teacher },
  },
  'POST /api/tutor/students/:studentId/subjects': {
    body: ({ taught, teacher }) => ({ subjectId: taught, teacherId: teacher }),
    idsInBody: { subjectId: null, teacherId: ({ teacher }) => teacher },
  },
  'POST /api/tutor/students/:studentId/subjects/bulk': {
    body: ({ taught, teacher }) => ({ subjects: [{ subjectId: taught, teacherId: teacher }] }),
    idsInBody: { 'subjects.0.subjectId': null, 'subjects.0.teacherId': ({ teacher }) => teacher },
  },
  'DELETE /api/tutor/students/:studentId/subjects/:enrollmentId': {
    secondId: (rows, { student, taught, teacher }) =>
      rows.enrollment({ studentId: student, subjectId: taught, teacherId: teacher }),
  },

  'GET /api/tutor-weekly-reports': {},
  'POST /api/tutor-weekly-reports': {
    body: ({ student }) => ({ studentId: student, weekStartDate: nextWeek(), summary: TEXT }),
    idsInBody: { studentId: ({ student }) => student },
  },
  'PATCH /api/tutor-weekly-reports/:reportId': { body: () => ({ summary: TEXT }) },
  'POST /api/tutor-weekly-reports/:reportId/send': NO_BODY,
  'POST /api/tutor-weekly-reports/:reportId/read': NO_BODY,

  'GET /api/teacher-weekly-reports': {},
  'POST /api/teacher-weekly-reports': {
    body: ({ student }) => ({ studentId: student, weekStartDate: nextWeek(), summary: TEXT }),
    idsInBody: { studentId: ({ student }) => student },
  },
  'PATCH /api/teacher-weekly-reports/:reportId': { body: () => ({ weekStartDate: nextWeek() }) },
  'POST /api/teacher-weekly-reports/:reportId/send': NO_BODY,

  'GET /api/admin/users': {},
  'POST /api/admin/users': { body: () => ({ ...newPerson(), role: 'teacher' }) },
  'PATCH /api/admin/users/:userId': { body: () => ({ isActive: false }) },
};

/** The examples, for whoever goes through all of them. */
export const EXAMPLES: Readonly<Record<Endpoint, AnyExample>> = EXAMPLES_BY_ENDPOINT;

function newPerson() {
  people += 1;
  return { firstName: 'New', lastName: 'Person', email: `new${people}@demo.test`, password: 'long enough' };
}
