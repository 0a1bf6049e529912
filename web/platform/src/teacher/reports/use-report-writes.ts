import { type CreateStudentReport, type EditStudentReport, platformKeys } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.js';
import { writeOptions } from '../../api/write.js';

/** What a teacher does with the reports on one student; each rejects as the API does, and shows the list either way. */
export function useReportWrites(studentId: number) {
  const api = useApi();
  const client = useQueryClient();
  const key = platformKeys.studentReports(studentId);
  const create = useMutation(
    writeOptions(client, key, 'create', (report: CreateStudentReport) => api.createStudentReport(studentId, report)),
  );
  const edit = useMutation(
    writeOptions(client, key, 'edit', ({ reportId, ...report }: EditStudentReport & { reportId: number }) =>
      api.editStudentReport(reportId, report),
    ),
  );
  const send = useMutation(writeOptions(client, key, 'send', (reportId: number) => api.sendStudentReport(reportId)));
  return { create: create.mutateAsync, edit: edit.mutateAsync, send: send.mutateAsync };
}

/** As {@link useReportWrites} answers. */
export type ReportWrites = ReturnType<typeof useReportWrites>;
