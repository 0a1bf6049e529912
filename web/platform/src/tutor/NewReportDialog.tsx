import { NativeSelect } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { TutorStudent } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { mondayOf } from '../app/dates.js';
import { FormDialog } from '../forms/FormDialog.js';
import { weeklyRules } from '../reports/weekly-rules.js';
import { WeekAndSummary } from './WeekAndSummary.js';
import type { WeeklyReportValues } from './weekly-report.js';
import { createReportMutation } from './weekly-report-mutations.js';

/** Writes a weekly report as a draft. */
export function NewReportDialog({ students, onClose }: { students: readonly TutorStudent[]; onClose: () => void }) {
  const create = useMutation(createReportMutation(useApi(), useQueryClient()));
  const [only] = students.length === 1 ? students : [];
  const initialValues: WeeklyReportValues = {
    studentId: only ? String(only.id) : '',
    weekStartDate: mondayOf(new Date()),
    summary: '',
  };
  const form = useForm({ initialValues, validate: weeklyRules });
  return (
    <FormDialog
      title="New weekly report"
      submitLabel="Save draft"
      form={form}
      submit={({ studentId, weekStartDate, summary }) =>
        create.mutateAsync({ studentId: Number(studentId), weekStartDate, summary: summary.trim() })
      }
      onClose={onClose}
    >
      <NativeSelect
        label="Student"
        data={[
          { value: '', label: 'Choose a student' },
          ...students.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
        {...form.getInputProps('studentId')}
      />
      <WeekAndSummary inputOf={form.getInputProps} />
    </FormDialog>
  );
}
