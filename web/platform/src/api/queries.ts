import { platformKeys } from '@querycast/platform-protocol';
import { queryOptions } from '@tanstack/react-query';
import type { PlatformApi } from './platform-api.js';

/** A parent's children with all that their dashboard shows. */
export const parentDashboardQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.parentDashboard(), queryFn: (context) => api.parentDashboard(context) });

/** A parent's children, without their subjects. */
export const parentChildrenQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.parentChildren(), queryFn: (context) => api.parentChildren(context) });

/** The subjects of one child of the parent. */
export const childSubjectsQuery = (api: PlatformApi, childId: number) =>
  queryOptions({
    queryKey: platformKeys.parentChildSubjects(childId),
    queryFn: (context) => api.childSubjects(childId, context),
  });

/** The progress of one child of the parent, by subject. */
export const childProgressQuery = (api: PlatformApi, childId: number) =>
  queryOptions({
    queryKey: platformKeys.childProgress(childId),
    queryFn: (context) => api.childProgress(childId, context),
  });

/** The study plans that one child of the parent got. */
export const childStudyPlansQuery = (api: PlatformApi, childId: number) =>
  queryOptions({
    queryKey: platformKeys.childStudyPlans(childId),
    queryFn: (context) => api.childStudyPlans(childId, context),
  });

/** What teachers wrote to the parent about one child. */
export const childReportsQuery = (api: PlatformApi, childId: number) =>
  queryOptions({
    queryKey: platformKeys.studentReports(childId),
    queryFn: (context) => api.childReports(childId, context),
  });

/** Weekly reports of tutors: the tutor's own, or those a parent got. */
export const tutorWeeklyReportsQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.tutorWeeklyReports(), queryFn: (context) => api.tutorWeeklyReports(context) });

/** Weekly reports of teachers: the teacher's own, or those a tutor got. */
export const teacherWeeklyReportsQuery = (api: PlatformApi) =>
  queryOptions({
    queryKey: platformKeys.teacherWeeklyReports(),
    queryFn: (context) => api.teacherWeeklyReports(context),
  });

/** All that a student's own dashboard shows. */
export const studentDashboardQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.studentDashboard(), queryFn: (context) => api.studentDashboard(context) });

/** A student's own materials, by subject. */
export const studentMaterialsQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.studentMaterials(), queryFn: (context) => api.studentMaterials(context) });

/** A student's own progress, by subject. */
export const studentProgressQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.studentProgress(), queryFn: (context) => api.studentProgress(context) });

/** The study plans a student got. */
export const studentStudyPlansQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.studyPlans(), queryFn: (context) => api.studentStudyPlans(context) });

/** All that a teacher's dashboard shows. */
export const teacherDashboardQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.teacherDashboard(), queryFn: (context) => api.teacherDashboard(context) });

/** The students enrolled with a teacher now. */
export const teacherStudentsQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.teacherStudents(), queryFn: (context) => api.teacherStudents(context) });

/** A teacher's own materials, in every status. */
export const teacherMaterialsQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.teacherMaterials(), queryFn: (context) => api.teacherMaterials(context) });

/** The study plans a teacher wrote, drafts included. */
export const teacherStudyPlansQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.studyPlans(), queryFn: (context) => api.teacherStudyPlans(context) });

/** What a teacher wrote to the parent of one student, drafts included. */
export const writtenReportsQuery = (api: PlatformApi, studentId: number) =>
  queryOptions({
    queryKey: platformKeys.studentReports(studentId),
    queryFn: (context) => api.writtenReports(studentId, context),
  });

/** All that a tutor's dashboard shows. */
export const tutorDashboardQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.tutorDashboard(), queryFn: (context) => api.tutorDashboard(context) });

/** A tutor's students with their subjects. */
export const tutorStudentsQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.tutorStudents(), queryFn: (context) => api.tutorStudents(context) });

/** All subjects and who teaches them: never pushed, so asked for again after ten minutes. */
export const subjectsQuery = (api: PlatformApi) =>
  queryOptions({
    queryKey: platformKeys.subjects(),
    queryFn: (context) => api.subjects(context),
    staleTime: 10 * 60_000,
  });

/** One's own names and e-mail: never pushed, so asked for again whenever the page is opened or looked at again. */
export const profileQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.profile(), queryFn: (context) => api.profile(context), staleTime: 0 });

/** Everybody's accounts: never pushed, so asked for again whenever the page is opened or looked at again. */
export const usersQuery = (api: PlatformApi) =>
  queryOptions({ queryKey: platformKeys.users(), queryFn: (context) => api.users(context), staleTime: 0 });
