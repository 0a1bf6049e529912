import { type CreateWeeklyReport, type EditWeeklyReport, platformKeys } from '@querycast/platform-protocol';
import type { QueryClient } from '@tanstack/react-query';
import type { PlatformApi } from '../api/platform-api.js';
import { writeOptions } from '../api/write.js';

/** Changing a draft. */
export interface EditReportVariables {
  reportId: number;
  fields: EditWeeklyReport;
}

/** Writes a draft, then shows the tutor's reports as the server has them. */
export function createReportMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(queryClient, platformKeys.tutorWeeklyReports(), 'create', (report: CreateWeeklyReport) =>
    api.createTutorWeeklyReport(report),
  );
}

/** Changes a draft; the rest as `createReportMutation`. */
export function editReportMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(
    queryClient,
    platformKeys.tutorWeeklyReports(),
    'edit',
    ({ reportId, fields }: EditReportVariables) => api.editTutorWeeklyReport(reportId, fields),
  );
}

/** Sends a draft to the student's parent; the rest as `createReportMutation`. */
export function sendReportMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(queryClient, platformKeys.tutorWeeklyReports(), 'send', (reportId: number) =>
    api.sendTutorWeeklyReport(reportId),
  );
}
