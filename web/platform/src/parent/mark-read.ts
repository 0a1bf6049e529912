import { platformKeys } from '@querycast/platform-protocol';
import type { QueryClient } from '@tanstack/react-query';
import type { PlatformApi } from '../api/platform-api.js';
import { writeOptions } from '../api/write.js';

/** Marks a weekly report as read, then shows the reports as the server has them. */
export function markReadMutation(api: PlatformApi, queryClient: QueryClient) {
  return writeOptions(queryClient, platformKeys.tutorWeeklyReports(), 'mark-read', (reportId: number) =>
    api.markWeeklyReportRead(reportId),
  );
}
