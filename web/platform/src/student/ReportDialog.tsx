import { NumberInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReportProgress, StudentMaterial } from '@querycast/platform-protocol';
import type { FocusEvent } from 'react';
import { FormDialog } from '../forms/FormDialog.js';
import './number-input.css';
import { MOST_MINUTES, type ReportValues, reportOf, wholeNumberUpTo } from './report-form.js';

/** Both fields take whole numbers from nought on. */
const WHOLE_NUMBER = {
  min: 0,
  /** How far an arrow key goes. */
  step: 5,
  // Said beside the field, not silently put right.
  clampBehavior: 'none',
  allowDecimal: false,
  onFocus: selectAll,
} as const;

/** Asks how far the student has come with a material, and how long it took. */
export function ReportDialog(props: {
  material: StudentMaterial;
  report: (progress: ReportProgress) => Promise<void>;
  onClose: () => void;
}) {
  const { title, progressPercentage, timeSpentMinutes, isCompleted } = props.material;
  const form = useForm<ReportValues>({
    initialValues: { progressPercentage, timeSpentMinutes: 0 },
    validate: { progressPercentage: wholeNumberUpTo(100), timeSpentMinutes: wholeNumberUpTo(MOST_MINUTES) },
  });
  return (
    <FormDialog
      title={`Report progress of ${title}`}
      submitLabel="Report"
      form={form}
      submit={(values) => props.report(reportOf(values))}
      onClose={props.onClose}
    >
      <NumberInput
        {...WHOLE_NUMBER}
        {...form.getInputProps('progressPercentage')}
        label="Progress in percent"
        description={isCompleted ? 'It is completed, and stays so.' : '100 completes it, for good.'}
        max={100}
        data-autofocus
      />
      <NumberInput
        {...WHOLE_NUMBER}
        {...form.getInputProps('timeSpentMinutes')}
        label="Minutes spent since the last report"
        description={`They are added to the ${timeSpentMinutes} from before.`}
        max={MOST_MINUTES}
      />
    </FormDialog>
  );
}

/** So that what is typed replaces what is there. At once, not after a moment as the input's own way, which would take in what is typed quickly. */
function selectAll({ currentTarget }: FocusEvent<HTMLInputElement>): void {
  currentTarget.select();
}
