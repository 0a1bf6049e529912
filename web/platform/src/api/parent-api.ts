import type {
  ChildSubject,
  ParentChild,
  ParentDashboard,
  ReceivedStudyPlan,
  StudentProgress,
  StudentReport,
  TutorWeeklyReport,
} from '@querycast/platform-protocol';
import type { ApiCalls } from './api-calls.js';
import type { QueryContext } from './request.js';

/** What a parent asks for and does. */
export interface ParentApi {
  parentDashboard(query: QueryContext): Promise<ParentDashboard>;
  parentChildren(query: QueryContext): Promise<ParentChild[]>;
  childSubjects(childId: number, query: QueryContext): Promise<ChildSubject[]>;
  childProgress(childId: number, query: QueryContext): Promise<StudentProgress>;
  childStudyPlans(childId: number, query: QueryContext): Promise<ReceivedStudyPlan[]>;
  childReports(childId: number, query: QueryContext): Promise<StudentReport[]>;
  markWeeklyReportRead(reportId: number): Promise<TutorWeeklyReport>;
}

/** The endpoints of a parent. */
export function createParentApi({ get, write }: ApiCalls): ParentApi {
  const child = (childId: number) => `/api/parent/children/${childId}`;
  return {
    parentDashboard: (query) => get('/api/parent/dashboard', query),
    parentChildren: (query) => get('/api/parent/children', query),
    childSubjects: (childId, query) => get(`${child(childId)}/subjects`, query),
    childProgress: (childId, query) => get(`${child(childId)}/progress`, query),
    childStudyPlans: (childId, query) => get(`${child(childId)}/study-plans`, query),
    childReports: (childId, query) => get(`${child(childId)}/reports`, query),
    markWeeklyReportRead: (reportId) => write('POST', `/api/tutor-weekly-reports/${reportId}/read`),
  };
}
