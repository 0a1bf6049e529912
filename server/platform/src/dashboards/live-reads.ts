/** Every read that a page keeps live: where it is asked for, under which key, where it is cached and how it is computed. */
import { type PlatformKey, platformKeys, type Role } from '@querycast/platform-protocol';
import type { Endpoint } from '../access/endpoints.js';
import { type CachePattern, type DashboardEntry, dashboardEntry } from '../cache/dashboard-entries.js';
import type { Database } from '../db/database.js';
import { readStudentMaterials, readTeacherMaterials } from './material-reads.js';
import { readChildSubjects, readParentChildren, readParentDashboard } from './parent-reads.js';
import { readStudentProgress } from './progress-reads.js';
import {
  readChildReports,
  readParentsWeeklyReports,
  readReceivedTeacherReports,
  readTeachersWeeklyReports,
  readTutorsWeeklyReports,
  readWrittenReports,
} from './report-reads.js';
import { readStudentDashboard } from './student-reads.js';
import { readReceivedPlans, readTeacherPlans } from './study-plan-reads.js';
import { readTeacherDashboard, readTeacherStudents } from './teacher-reads.js';
import { readTutorDashboard, readTutorStudents } from './tutor-reads.js';

/** Those who have live pages. */
export type LiveRole = Exclude<Role, 'admin'>;

/** One read of one role. */
export interface LiveRead<Path extends Endpoint = Endpoint> {
  readonly role: LiveRole;
  readonly endpoint: Path;
  /** Whether it is about one student, whose id is in path, key and entry. */
  readonly isAboutStudent: boolean;
  /** The first element of its key; one read of a role has it. */
  readonly root: PlatformKey[0];
  /** `studentId` is ignored by reads that are about no single student. */
  key(studentId: number): PlatformKey;
  entry(viewerId: number, studentId: number): DashboardEntry;
  /** Computes the answer for somebody who may have it. */
  compute(db: Database, viewerId: number, studentId: number): Promise<unknown>;
}

/** Under which name an entry stands within its pattern; none for the pattern itself. */
type EntryName = string | undefined;

const READS = [
  of(
    'parent',
    'GET /api/parent/dashboard',
    platformKeys.parentDashboard,
    'parent_dashboard_data',
    'dashboard',
    readParentDashboard,
  ),
  of('parent', 'GET /api/parent/children', platformKeys.parentChildren, 'parent_children', undefined, (db, id) =>
    readParentChildren(db, id),
  ),
  of(
    'parent',
    'GET /api/tutor-weekly-reports',
    platformKeys.tutorWeeklyReports,
    'parent_dashboard_data',
    'tutor_weekly_reports',
    readParentsWeeklyReports,
  ),
  ofStudent(
    'parent',
    'GET /api/parent/children/:childId/subjects',
    platformKeys.parentChildSubjects,
    'parent_dashboard_data',
    'child_subjects',
    (db, _, childId) => readChildSubjects(db, childId),
  ),
  ofStudent(
    'parent',
    'GET /api/parent/children/:childId/progress',
    platformKeys.childProgress,
    'parent_child_progress',
    undefined,
    (db, _, childId) => readStudentProgress(db, childId),
  ),
  ofStudent(
    'parent',
    'GET /api/parent/children/:childId/study-plans',
    platformKeys.childStudyPlans,
    'parent_dashboard_data',
    'study_plans',
    (db, _, childId) => readReceivedPlans(db, childId),
  ),
  ofStudent(
    'parent',
    'GET /api/parent/children/:childId/reports',
    platformKeys.studentReports,
    'parent_dashboard_data',
    'student_reports',
    (db, id, childId) => readChildReports(db, id, childId),
  ),

  of(
    'student',
    'GET /api/student/dashboard',
    platformKeys.studentDashboard,
    'student_dashboard_data',
    'dashboard',
    readStudentDashboard,
  ),
  of('student', 'GET /api/student/materials', platformKeys.studentMaterials, 'student_materials', 'all', (db, id) =>
    readStudentMaterials(db, id),
  ),
  of(
    'student',
    'GET /api/student/progress',
    platformKeys.studentProgress,
    'student_progress',
    undefined,
    readStudentProgress,
  ),
  of(
    'student',
    'GET /api/student/study-plans',
    platformKeys.studyPlans,
    'student_dashboard_data',
    'study_plans',
    readReceivedPlans,
  ),

  of(
    'teacher',
    'GET /api/teacher/dashboard',
    platformKeys.teacherDashboard,
    'teacher_dashboard_data',
    'dashboard',
    readTeacherDashboard,
  ),
  of(
    'teacher',
    'GET /api/teacher/students',
    platformKeys.teacherStudents,
    'teacher_students',
    undefined,
    readTeacherStudents,
  ),
  of('teacher', 'GET /api/teacher/materials', platformKeys.teacherMaterials, 'teacher_materials', 'all', (db, id) =>
    readTeacherMaterials(db, id),
  ),
  of(
    'teacher',
    'GET /api/teacher/study-plans',
    platformKeys.studyPlans,
    'teacher_dashboard_data',
    'study_plans',
    readTeacherPlans,
  ),
  of(
    'teacher',
    'GET /api/teacher-weekly-reports',
    platformKeys.teacherWeeklyReports,
    'teacher_dashboard_data',
    'teacher_weekly_reports',
    readTeachersWeeklyReports,
  ),
  ofStudent(
    'teacher',
    'GET /api/teacher/students/:studentId/reports',
    platformKeys.studentReports,
    'teacher_dashboard_data',
    'student_reports',
    (db, id, studentId) => readWrittenReports(db, id, studentId),
  ),

  of(
    'tutor',
    'GET /api/tutor/dashboard',
    platformKeys.tutorDashboard,
    'tutor_dashboard_data',
    'dashboard',
    readTutorDashboard,
  ),
  of('tutor', 'GET /api/tutor/students', platformKeys.tutorStudents, 'tutor_students', undefined, (db, id) =>
    readTutorStudents(db, id),
  ),
  of(
    'tutor',
    'GET /api/tutor-weekly-reports',
    platformKeys.tutorWeeklyReports,
    'tutor_dashboard_data',
    'tutor_weekly_reports',
    readTutorsWeeklyReports,
  ),
  of(
    'tutor',
    'GET /api/teacher-weekly-reports',
    platformKeys.teacherWeeklyReports,
    'tutor_dashboard_data',
    'teacher_weekly_reports',
    readReceivedTeacherReports,
  ),
];

/** All live reads. */
export const liveReads: readonly LiveRead<LiveEndpoint>[] = READS;

/** An endpoint that answers a live query. */
export type LiveEndpoint = (typeof READS)[number]['endpoint'];

const byRoot = new Map(liveReads.map((read) => [`${read.role} ${read.root}`, read]));
const byEndpoint = new Map(liveReads.map((read) => [`${read.role} ${read.endpoint}`, read]));

/** The read of a role with this root of its key. Throws when there is none. */
export function readOfRoot(role: LiveRole, root: string): LiveRead {
  const read = byRoot.get(`${role} ${root}`);
  if (!read) throw new Error(`a ${role} has no read with the key ${root}`);
  return read;
}

/** The read that an endpoint answers to a role; `undefined` when it is not live for it. */
export function readOfEndpoint(role: Role, endpoint: Endpoint): LiveRead | undefined {
  return byEndpoint.get(`${role} ${endpoint}`);
}

function of<const Path extends Endpoint>(
  role: LiveRole,
  endpoint: Path,
  key: () => PlatformKey,
  pattern: CachePattern,
  name: EntryName,
  compute: (db: Database, viewerId: number) => Promise<unknown>,
): LiveRead<Path> {
  const names = name === undefined ? [] : [name];
  const entry = (viewerId: number) => dashboardEntry(pattern, viewerId, ...names);
  return { role, endpoint, isAboutStudent: false, root: key()[0], key, entry, compute };
}

function ofStudent<const Path extends Endpoint>(
  role: LiveRole,
  endpoint: Path,
  key: (studentId: number) => PlatformKey,
  pattern: CachePattern,
  name: EntryName,
  compute: LiveRead['compute'],
): LiveRead<Path> {
  const names = name === undefined ? [] : [name];
  const entry = (viewerId: number, studentId: number) => dashboardEntry(pattern, viewerId, ...names, studentId);
  return { role, endpoint, isAboutStudent: true, root: key(0)[0], key, entry, compute };
}
