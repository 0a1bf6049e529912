import { Textarea } from '@mantine/core';
import { WeekField } from '../forms/WeekField.js';
import type { InputProps } from '../people/NameFields.js';

/** The fields of a form for what a weekly report says, and of which week. */
export function WeekAndSummary({ inputOf }: { inputOf: (field: 'weekStartDate' | 'summary') => InputProps }) {
  return (
    <>
      <WeekField {...inputOf('weekStartDate')} />
      <Textarea
        label="Summary"
        description="What went well, what is open, what comes next."
        rows={7}
        resize="vertical"
        {...inputOf('summary')}
      />
    </>
  );
}
