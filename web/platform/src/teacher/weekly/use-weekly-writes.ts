import { type CreateWeeklyReport, type EditWeeklyReport, platformKeys } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.js';
import { writeOptions } from '../../api/write.js';

const KEY = platformKeys.teacherWeeklyReports();

/** What a teacher does with weekly reports; each rejects as the API does, and shows the list either way. */
export function useWeeklyWrites() {
  const api = useApi();
  const client = useQueryClient();
  const create = useMutation(
    writeOptions(client, KEY, 'create', (report: CreateWeeklyReport) => api.createTeacherWeeklyReport(report)),
  );
  const edit = useMutation(
    writeOptions(client, KEY, 'edit', ({ reportId, ...report }: EditWeeklyReport & { reportId: number }) =>
      api.editTeacherWeeklyReport(reportId, report),
    ),
  );
  const send = useMutation(writeOptions(client, KEY, 'send', (id: number) => api.sendTeacherWeeklyReport(id)));
  return { create: create.mutateAsync, edit: edit.mutateAsync, send: send.mutateAsync };
}

/** As {@link useWeeklyWrites} answers. */
export type WeeklyWrites = ReturnType<typeof useWeeklyWrites>;
