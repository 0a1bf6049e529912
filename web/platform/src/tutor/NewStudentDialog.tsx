import { NativeSelect } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { PersonName } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { FormDialog } from '../forms/FormDialog.js';
import { PersonFields } from '../people/PersonFields.js';
import { NO_STUDENT_YET, newStudentOf, newStudentProblems } from './new-student.js';
import classes from './new-student.module.css';
import { NEW_PARENT, parentChoices } from './parent-choices.js';
import { StudentFacts } from './StudentFacts.js';
import { createStudentMutation } from './student-mutations.js';

/** Takes a student in, and the parent in the same request when there is a new one. */
export function NewStudentDialog({ parents, onClose }: { parents: readonly PersonName[]; onClose: () => void }) {
  const create = useMutation(createStudentMutation(useApi(), useQueryClient()));
  const form = useForm({ initialValues: NO_STUDENT_YET, validate: newStudentProblems });
  return (
    <FormDialog
      title="New student"
      submitLabel="Add student"
      form={form}
      submit={(values) => create.mutateAsync(newStudentOf(values))}
      onClose={onClose}
    >
      <PersonFields inputOf={form.getInputProps} />
      <StudentFacts inputOf={form.getInputProps} />
      <NativeSelect
        label="Parent"
        data={[...parentChoices(parents), { value: NEW_PARENT, label: 'A new parent …' }]}
        {...form.getInputProps('parentId')}
      />
      {form.getValues().parentId === NEW_PARENT && (
        <fieldset className={classes.parent}>
          <legend className={classes.legend}>New parent</legend>
          <PersonFields whose="Parent’s" inputOf={(field) => form.getInputProps(`parent.${field}`)} />
        </fieldset>
      )}
    </FormDialog>
  );
}
