import { useForm } from '@mantine/form';
import type { TutorWeeklyReport } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { FormDialog } from '../forms/FormDialog.js';
import { WeekAndSummary } from './WeekAndSummary.js';
import { changedReport, titleOf, type WeeklyReportValues, weeklyReportProblems } from './weekly-report.js';
import { editReportMutation } from './weekly-report-mutations.js';

/** Changes a draft, as it was when the dialog was opened. */
export function EditReportDialog({ report, onClose }: { report: TutorWeeklyReport; onClose: () => void }) {
  const edit = useMutation(editReportMutation(useApi(), useQueryClient()));
  const { id, student, weekStartDate, summary } = report;
  const before: WeeklyReportValues = { studentId: String(student.id), weekStartDate, summary };
  const form = useForm({ initialValues: before, validate: weeklyReportProblems });

  async function submit(values: WeeklyReportValues): Promise<void> {
    const fields = changedReport(before, values);
    // The server takes no change of nothing.
    if (Object.keys(fields).length > 0) await edit.mutateAsync({ reportId: id, fields });
  }

  return (
    <FormDialog title={`Edit ${titleOf(report)}`} submitLabel="Save" form={form} submit={submit} onClose={onClose}>
      <WeekAndSummary inputOf={form.getInputProps} />
    </FormDialog>
  );
}
