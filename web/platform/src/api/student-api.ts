import type {
  MaterialProgress,
  ReceivedStudyPlan,
  ReportProgress,
  StudentDashboard,
  StudentProgress,
  SubjectMaterials,
} from '@querycast/platform-protocol';
import type { ApiCalls } from './api-calls.js';
import type { QueryContext } from './request.js';

/** What a student asks for and does. */
export interface StudentApi {
  studentDashboard(query: QueryContext): Promise<StudentDashboard>;
  studentMaterials(query: QueryContext): Promise<SubjectMaterials[]>;
  studentProgress(query: QueryContext): Promise<StudentProgress>;
  studentStudyPlans(query: QueryContext): Promise<ReceivedStudyPlan[]>;
  reportProgress(materialId: number, progress: ReportProgress): Promise<MaterialProgress>;
}

/** The endpoints of a student. */
export function createStudentApi({ get, write }: ApiCalls): StudentApi {
  return {
    studentDashboard: (query) => get('/api/student/dashboard', query),
    studentMaterials: (query) => get('/api/student/materials', query),
    studentProgress: (query) => get('/api/student/progress', query),
    studentStudyPlans: (query) => get('/api/student/study-plans', query),
    reportProgress: (materialId, progress) => write('POST', `/api/student/materials/${materialId}/progress`, progress),
  };
}
