import { Textarea } from '@mantine/core';
import type { Form } from '../../forms/form.js';
import { WeekField } from '../../forms/WeekField.js';

/** What the form of a weekly report holds; the student's id as a select has it, empty while nobody is chosen. */
export type WeeklyValues = { studentId: string; weekStartDate: string; summary: string };

/** The fields that a weekly report has while it is new, and while it is a draft. */
export function WeeklyFields({ form }: { form: Form<WeeklyValues> }) {
  return (
    <>
      <WeekField {...form.getInputProps('weekStartDate')} />
      <Textarea
        label="Summary"
        description="The tutor reads this once you send it. Parents never see it."
        autosize
        minRows={6}
        maxRows={14}
        {...form.getInputProps('summary')}
      />
    </>
  );
}
