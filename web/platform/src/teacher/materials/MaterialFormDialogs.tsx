import { useForm } from '@mantine/form';
import type { TeacherMaterial } from '@querycast/platform-protocol';
import { FormDialog } from '../../forms/FormDialog.js';
import { MaterialFields } from './MaterialFields.js';
import { editOf, type MaterialValues, materialRules, newMaterialOf, valuesOfMaterial } from './material-form.js';
import { nextStatuses } from './material-status.js';
import type { MaterialWrites } from './use-material-writes.js';

const EMPTY: MaterialValues = { subjectId: '', title: '', type: 'lesson', status: 'draft' };

/** Adds a material. */
export function NewMaterialDialog({ create, onClose }: { create: MaterialWrites['create']; onClose: () => void }) {
  const form = useForm<MaterialValues>({ initialValues: EMPTY, validate: materialRules });
  return (
    <FormDialog
      title="New material"
      submitLabel="Create"
      form={form}
      submit={(values) => create(newMaterialOf(values))}
      onClose={onClose}
    >
      <MaterialFields form={form} statuses={['draft', 'active']} />
    </FormDialog>
  );
}

/** Changes a material. */
export function EditMaterialDialog(props: {
  /** As it was when the dialog opened. */
  material: TeacherMaterial;
  edit: MaterialWrites['edit'];
  onClose: () => void;
}) {
  const { material, edit, onClose } = props;
  const form = useForm<MaterialValues>({ initialValues: valuesOfMaterial(material), validate: materialRules });

  async function submit(values: MaterialValues): Promise<void> {
    const fields = editOf(material, values);
    if (fields) await edit({ materialId: material.id, ...fields });
  }

  return (
    <FormDialog title={`Edit ${material.title}`} submitLabel="Save" form={form} submit={submit} onClose={onClose}>
      <MaterialFields form={form} statuses={nextStatuses(material.status)} subject={material.subject} />
    </FormDialog>
  );
}
