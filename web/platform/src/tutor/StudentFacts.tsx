import { NativeSelect, Textarea } from '@mantine/core';
import type { InputProps } from '../people/NameFields.js';

const GRADES = Array.from({ length: 12 }, (_, index) => String(index + 1));

/** The fields of a form for what is known of a student besides the name. */
export function StudentFacts({ inputOf }: { inputOf: (field: 'grade' | 'goal') => InputProps }) {
  return (
    <>
      <NativeSelect label="Grade" data={GRADES} {...inputOf('grade')} />
      <Textarea
        label="Goal"
        description="What the student wants to reach. The parent and the student see it too."
        rows={3}
        resize="vertical"
        {...inputOf('goal')}
      />
    </>
  );
}
