import { useForm } from '@mantine/form';
import type { TeacherMaterial, TeacherStudent } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { FormDialog } from '../../forms/FormDialog.js';
import { MissingStudents } from '../MissingStudents.js';
import { AssignFields } from './AssignFields.js';
import { type AssignmentChanges, assignedThen } from './assignment-changes.js';
import type { MaterialWrites } from './use-material-writes.js';

/** Gives a material to students and takes it away; what others do meanwhile shows, and is not undone. */
export function AssignDialog(props: {
  /** As it is now. */
  material: TeacherMaterial;
  students: UseQueryResult<TeacherStudent[]>;
  assign: MaterialWrites['assign'];
  onClose: () => void;
}) {
  const { material, students, assign, onClose } = props;
  const form = useForm<{ changes: AssignmentChanges }>({ initialValues: { changes: {} } });
  const assigned = new Set(material.students.map(({ id }) => id));
  const own = students.data ?? [];
  const studentIds = own.map(({ id }) => id);

  async function submit({ changes }: { changes: AssignmentChanges }): Promise<void> {
    if (Object.keys(changes).length === 0) return;
    await assign({ materialId: material.id, studentIds: assignedThen(changes, assigned, studentIds) });
  }

  return (
    <FormDialog
      title={`Assign students to ${material.title}`}
      submitLabel="Save"
      form={form}
      submit={submit}
      onClose={onClose}
    >
      <MissingStudents query={students} />
      <AssignFields
        students={own}
        // Who left this teacher meanwhile keeps what they work on, unless it is taken away knowingly.
        former={students.data ? material.students.filter(({ id }) => !studentIds.includes(id)) : []}
        assigned={assigned}
        changes={form.values.changes}
        onChange={(changes) => form.setFieldValue('changes', changes)}
      />
    </FormDialog>
  );
}
