import { TextInput, type TextInputProps } from '@mantine/core';
import { weekFrom } from '../app/weeks.js';

/** The first day of a week; the whole week stands below, on a line that is always there. */
export function WeekField({ value = '', ...input }: Omit<TextInputProps, 'value'> & { value?: string }) {
  return (
    <TextInput
      label="Week starts on"
      type="date"
      min="2000-01-01"
      max="2099-12-31"
      value={value}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      description={weekFrom(value) || '\u00a0'}
      {...input}
    />
  );
}
