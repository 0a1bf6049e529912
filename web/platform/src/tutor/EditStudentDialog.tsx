import { NativeSelect } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { PersonName, TutorStudent } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { FormDialog } from '../forms/FormDialog.js';
import { changedStudent, editedValues } from './edit-student.js';
import { goalProblem } from './new-student.js';
import { parentChoices } from './parent-choices.js';
import { StudentFacts } from './StudentFacts.js';
import { editStudentMutation } from './student-mutations.js';

/** Changes grade, goal and parent of a student, who and whose choices are those of when it was opened. */
export function EditStudentDialog(props: {
  student: TutorStudent;
  parents: readonly PersonName[];
  onClose: () => void;
}) {
  const { student, parents, onClose } = props;
  const edit = useMutation(editStudentMutation(useApi(), useQueryClient()));
  const before = editedValues(student);
  const form = useForm({ initialValues: before, validate: { goal: goalProblem } });

  async function submit(values: typeof before): Promise<void> {
    const fields = changedStudent(before, values);
    // The server takes no change of nothing.
    if (Object.keys(fields).length > 0) await edit.mutateAsync({ studentId: student.id, fields });
  }

  return (
    <FormDialog title={`Edit ${student.name}`} submitLabel="Save" form={form} submit={submit} onClose={onClose}>
      <StudentFacts inputOf={form.getInputProps} />
      <NativeSelect
        label="Parent"
        description="Another parent sees this student at once, the former one no longer."
        data={parentChoices(parents)}
        {...form.getInputProps('parentId')}
      />
    </FormDialog>
  );
}
