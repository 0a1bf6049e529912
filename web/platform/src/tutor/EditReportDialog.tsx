import { useForm } from '@mantine/form';
import type { TutorWeeklyReport } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { changedFields } from '../forms/changed-fields.js';
import { FormDialog } from '../forms/FormDialog.js';
import { weeklyRules } from '../reports/weekly-rules.js';
import { WeekAndSummary } from './WeekAndSummary.js';
import { titleOf, type WeeklyReportValues } from './weekly-report.js';
import { editReportMutation } from './weekly-report-mutations.js';

/** Changes a draft, as it was when the dialog was opened. */
export function EditReportDialog({ report, onClose }: { report: TutorWeeklyReport; onClose: () => void }) {
  const edit = useMutation(editReportMutation(useApi(), useQueryClient()));
  const { id, student, weekStartDate, summary } = report;
  const before = { weekStartDate, summary };
  const form = useForm<WeeklyReportValues>({
    initialValues: { studentId: String(student.id), ...before },
    validate: weeklyRules,
  });

  async function submit({ weekStartDate, summary }: WeeklyReportValues): Promise<void> {
    const fields = changedFields(before, { weekStartDate, summary });
    // The server takes no change of nothing.
    if (Object.keys(fields).length > 0) await edit.mutateAsync({ reportId: id, fields });
  }

  return (
    <FormDialog title={`Edit ${titleOf(report)}`} submitLabel="Save" form={form} submit={submit} onClose={onClose}>
      <WeekAndSummary inputOf={form.getInputProps} />
    </FormDialog>
  );
}
