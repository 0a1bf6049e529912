import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { StudentReport } from '@querycast/platform-protocol';
import { changedFields } from '../../forms/changed-fields.js';
import { FormDialog } from '../../forms/FormDialog.js';
import { text } from '../../forms/rules.js';
import type { ReportWrites } from './use-report-writes.js';

type ReportValues = { title: string; content: string };

const EMPTY: ReportValues = { title: '', content: '' };
const RULES = { title: text({ min: 3, max: 200 }), content: text({ max: 10_000, lines: true }) };

/** Writes a report to a parent as a draft, or changes one. */
export function ReportFormDialog(props: {
  studentName: string;
  /** As it was when the dialog opened; none for a new one. */
  report?: StudentReport;
  writes: ReportWrites;
  onClose: () => void;
}) {
  const { studentName, report, writes, onClose } = props;
  const before = report ? { title: report.title, content: report.content } : EMPTY;
  const form = useForm<ReportValues>({ initialValues: before, validate: RULES });

  async function submit(values: ReportValues): Promise<void> {
    const fields = changedFields(before, values);
    if (!report) await writes.create(values);
    else if (Object.keys(fields).length > 0) await writes.edit({ reportId: report.id, ...fields });
  }

  return (
    <FormDialog
      title={report ? 'Edit report' : `New report on ${studentName}`}
      submitLabel={report ? 'Save' : 'Save draft'}
      form={form}
      submit={submit}
      onClose={onClose}
    >
      <TextInput label="Title" {...form.getInputProps('title')} />
      <Textarea
        label="Content"
        description="The parent reads this once you send it."
        autosize
        minRows={6}
        maxRows={14}
        {...form.getInputProps('content')}
      />
    </FormDialog>
  );
}
