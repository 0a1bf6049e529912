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
