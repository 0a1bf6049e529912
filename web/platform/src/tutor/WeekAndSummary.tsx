import { Textarea, TextInput } from '@mantine/core';
import type { InputProps } from '../people/NameFields.js';

/** The fields of a form for what a weekly report says, and of which week. */
export function WeekAndSummary({ inputOf }: { inputOf: (field: 'weekStartDate' | 'summary') => InputProps }) {
  return (
    <>
      <TextInput
        label="First day of the week"
        type="date"
        w={{ base: '100%', xs: 220 }}
        {...inputOf('weekStartDate')}
      />
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
