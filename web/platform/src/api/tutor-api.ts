import type {
  AssignSubject,
  AssignSubjects,
  CreateStudent,
  CreateWeeklyReport,
  EditStudent,
  EditWeeklyReport,
  Enrollment,
  StudentProfile,
  TutorDashboard,
  TutorStudent,
  TutorWeeklyReport,
} from '@querycast/platform-protocol';
import type { ApiCalls } from './api-calls.js';
import type { QueryContext } from './request.js';

/** What a tutor asks for and does; the weekly reports are the parent's as well, to read. */
export interface TutorApi {
  tutorDashboard(query: QueryContext): Promise<TutorDashboard>;
  tutorStudents(query: QueryContext): Promise<TutorStudent[]>;
  tutorWeeklyReports(query: QueryContext): Promise<TutorWeeklyReport[]>;

  createStudent(student: CreateStudent): Promise<StudentProfile>;
  editStudent(studentId: number, student: EditStudent): Promise<StudentProfile>;
  assignSubject(studentId: number, subject: AssignSubject): Promise<Enrollment>;
  assignSubjects(studentId: number, subjects: AssignSubjects): Promise<Enrollment[]>;
  unassignSubject(studentId: number, enrollmentId: number): Promise<void>;

  createTutorWeeklyReport(report: CreateWeeklyReport): Promise<TutorWeeklyReport>;
  editTutorWeeklyReport(reportId: number, report: EditWeeklyReport): Promise<TutorWeeklyReport>;
  sendTutorWeeklyReport(reportId: number): Promise<TutorWeeklyReport>;
}

/** The endpoints of a tutor. */
export function createTutorApi({ get, write }: ApiCalls): TutorApi {
  const student = (studentId: number) => `/api/tutor/students/${studentId}`;
  const weekly = (reportId: number) => `/api/tutor-weekly-reports/${reportId}`;
  return {
    tutorDashboard: (query) => get('/api/tutor/dashboard', query),
    tutorStudents: (query) => get('/api/tutor/students', query),
    tutorWeeklyReports: (query) => get('/api/tutor-weekly-reports', query),

    createStudent: (body) => write('POST', '/api/tutor/students', body),
    editStudent: (studentId, body) => write('PATCH', student(studentId), body),
    assignSubject: (studentId, body) => write('POST', `${student(studentId)}/subjects`, body),
    assignSubjects: (studentId, body) => write('POST', `${student(studentId)}/subjects/bulk`, body),
    unassignSubject: (studentId, enrollmentId) => write('DELETE', `${student(studentId)}/subjects/${enrollmentId}`),

    createTutorWeeklyReport: (body) => write('POST', '/api/tutor-weekly-reports', body),
    editTutorWeeklyReport: (reportId, body) => write('PATCH', weekly(reportId), body),
    sendTutorWeeklyReport: (reportId) => write('POST', `${weekly(reportId)}/send`),
  };
}
