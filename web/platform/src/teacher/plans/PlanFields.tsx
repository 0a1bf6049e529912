import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { Form } from '../../forms/form.js';
import { WeekField } from '../../forms/WeekField.js';
import type { Choice } from '../student-choices.js';
import type { PlanValues } from './plan-form.js';

/** The fields that a plan has while it is new, and while it is a draft. */
export function PlanFields({ form, subjects }: { form: Form<PlanValues>; subjects: readonly Choice[] }) {
  return (
    <>
      <NativeSelect
        label="Subject"
        data={[{ value: '', label: 'Choose a subject' }, ...subjects]}
        {...form.getInputProps('subjectId')}
      />
      <TextInput label="Title" {...form.getInputProps('title')} />
      <Textarea
        label="Content"
        description="What to do, day by day or step by step."
        autosize
        minRows={6}
        maxRows={14}
        {...form.getInputProps('content')}
      />
      <WeekField {...form.getInputProps('weekStartDate')} />
    </>
  );
}
