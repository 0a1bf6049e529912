import type {
  CreateMaterial,
  CreateStudentReport,
  CreateStudyPlan,
  CreateWeeklyReport,
  EditMaterial,
  EditStudentReport,
  EditStudyPlan,
  EditWeeklyReport,
  Material,
  MaterialAssignments,
  StudentReport,
  StudyPlan,
  TeacherDashboard,
  TeacherMaterial,
  TeacherStudent,
  TeacherStudyPlan,
  TeacherWeeklyReport,
} from '@querycast/platform-protocol';
import type { ApiCalls } from './api-calls.js';
import type { QueryContext } from './request.js';

/** What a teacher asks for and does; the weekly reports are the tutor's as well, to read. */
export interface TeacherApi {
  teacherDashboard(query: QueryContext): Promise<TeacherDashboard>;
  teacherStudents(query: QueryContext): Promise<TeacherStudent[]>;
  teacherMaterials(query: QueryContext): Promise<TeacherMaterial[]>;
  teacherStudyPlans(query: QueryContext): Promise<TeacherStudyPlan[]>;
  teacherWeeklyReports(query: QueryContext): Promise<TeacherWeeklyReport[]>;
  writtenReports(studentId: number, query: QueryContext): Promise<StudentReport[]>;

  createStudyPlan(plan: CreateStudyPlan): Promise<StudyPlan>;
  editStudyPlan(planId: number, plan: EditStudyPlan): Promise<StudyPlan>;
  sendStudyPlan(planId: number): Promise<StudyPlan>;
  deleteStudyPlan(planId: number): Promise<void>;

  createMaterial(material: CreateMaterial): Promise<Material>;
  editMaterial(materialId: number, material: EditMaterial): Promise<Material>;
  deleteMaterial(materialId: number): Promise<void>;
  assignMaterial(materialId: number, assignments: MaterialAssignments): Promise<MaterialAssignments>;

  createTeacherWeeklyReport(report: CreateWeeklyReport): Promise<TeacherWeeklyReport>;
  editTeacherWeeklyReport(reportId: number, report: EditWeeklyReport): Promise<TeacherWeeklyReport>;
  sendTeacherWeeklyReport(reportId: number): Promise<TeacherWeeklyReport>;

  createStudentReport(studentId: number, report: CreateStudentReport): Promise<StudentReport>;
  editStudentReport(reportId: number, report: EditStudentReport): Promise<StudentReport>;
  sendStudentReport(reportId: number): Promise<StudentReport>;
}

/** The endpoints of a teacher. */
export function createTeacherApi({ get, write }: ApiCalls): TeacherApi {
  const plan = (planId: number) => `/api/teacher/study-plans/${planId}`;
  const material = (materialId: number) => `/api/teacher/materials/${materialId}`;
  const weekly = (reportId: number) => `/api/teacher-weekly-reports/${reportId}`;
  const report = (reportId: number) => `/api/teacher/student-reports/${reportId}`;
  return {
    teacherDashboard: (query) => get('/api/teacher/dashboard', query),
    teacherStudents: (query) => get('/api/teacher/students', query),
    teacherMaterials: (query) => get('/api/teacher/materials', query),
    teacherStudyPlans: (query) => get('/api/teacher/study-plans', query),
    teacherWeeklyReports: (query) => get('/api/teacher-weekly-reports', query),
    writtenReports: (studentId, query) => get(`/api/teacher/students/${studentId}/reports`, query),

    createStudyPlan: (body) => write('POST', '/api/teacher/study-plans', body),
    editStudyPlan: (planId, body) => write('PATCH', plan(planId), body),
    sendStudyPlan: (planId) => write('POST', `${plan(planId)}/send`),
    deleteStudyPlan: (planId) => write('DELETE', plan(planId)),

    createMaterial: (body) => write('POST', '/api/teacher/materials', body),
    editMaterial: (materialId, body) => write('PATCH', material(materialId), body),
    deleteMaterial: (materialId) => write('DELETE', material(materialId)),
    assignMaterial: (materialId, body) => write('PUT', `${material(materialId)}/assignments`, body),

    createTeacherWeeklyReport: (body) => write('POST', '/api/teacher-weekly-reports', body),
    editTeacherWeeklyReport: (reportId, body) => write('PATCH', weekly(reportId), body),
    sendTeacherWeeklyReport: (reportId) => write('POST', `${weekly(reportId)}/send`),

    createStudentReport: (studentId, body) => write('POST', `/api/teacher/students/${studentId}/reports`, body),
    editStudentReport: (reportId, body) => write('PATCH', report(reportId), body),
    sendStudentReport: (reportId) => write('POST', `${report(reportId)}/send`),
  };
}
