import { NativeSelect } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { TeacherStudent, TeacherWeeklyReport } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { mondayOf } from '../../app/dates.js';
import { changedFields } from '../../forms/changed-fields.js';
import { FormDialog } from '../../forms/FormDialog.js';
import { weeklyRules } from '../../reports/weekly-rules.js';
import { MissingStudents } from '../MissingStudents.js';
import { onlyChoice, studentChoices } from '../student-choices.js';
import type { WeeklyWrites } from './use-weekly-writes.js';
import { WeeklyFields, type WeeklyValues } from './WeeklyFields.js';

/** Writes a weekly report as a draft. */
export function NewWeeklyDialog(props: {
  students: UseQueryResult<TeacherStudent[]>;
  create: WeeklyWrites['create'];
  onClose: () => void;
}) {
  const { students, create, onClose } = props;
  const choices = studentChoices(students.data ?? []);
  const form = useForm<WeeklyValues>({
    initialValues: { studentId: onlyChoice(choices), weekStartDate: mondayOf(new Date()), summary: '' },
    validate: weeklyRules,
  });
  return (
    <FormDialog
      title="New weekly report"
      submitLabel="Save draft"
      form={form}
      submit={({ studentId, ...fields }) => create({ studentId: Number(studentId), ...fields })}
      onClose={onClose}
    >
      <MissingStudents query={students} />
      <NativeSelect
        label="Student"
        data={[{ value: '', label: 'Choose a student' }, ...choices]}
        {...form.getInputProps('studentId')}
      />
      <WeeklyFields form={form} />
    </FormDialog>
  );
}

/** Changes a draft; whom it is about stays. */
export function EditWeeklyDialog(props: {
  /** As it was when the dialog opened. */
  report: TeacherWeeklyReport;
  edit: WeeklyWrites['edit'];
  onClose: () => void;
}) {
  const { report, edit, onClose } = props;
  const before = { weekStartDate: report.weekStartDate, summary: report.summary };
  const form = useForm<WeeklyValues>({
    initialValues: { studentId: String(report.student.id), ...before },
    validate: weeklyRules,
  });

  async function submit({ weekStartDate, summary }: WeeklyValues): Promise<void> {
    const fields = changedFields(before, { weekStartDate, summary });
    if (Object.keys(fields).length > 0) await edit({ reportId: report.id, ...fields });
  }

  return (
    <FormDialog
      title={`Edit the report on ${report.student.name}`}
      submitLabel="Save"
      form={form}
      submit={submit}
      onClose={onClose}
    >
      <WeeklyFields form={form} />
    </FormDialog>
  );
}
