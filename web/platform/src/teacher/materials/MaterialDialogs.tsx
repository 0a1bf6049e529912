import type { TeacherMaterial, TeacherStudent } from '@querycast/platform-protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { ConfirmDialog } from '../../forms/ConfirmDialog.js';
import { AssignDialog } from './AssignDialog.js';
import { EditMaterialDialog, NewMaterialDialog } from './MaterialFormDialogs.js';
import type { MaterialWrites } from './use-material-writes.js';

/** A dialog about materials. */
export type MaterialDialog =
  | { readonly kind: 'new' }
  | { readonly kind: 'edit' | 'assign' | 'publish' | 'delete'; readonly material: TeacherMaterial };

/** Whichever dialog is open. */
export function MaterialDialogs(props: {
  dialog: MaterialDialog | undefined;
  materials: readonly TeacherMaterial[];
  students: UseQueryResult<TeacherStudent[]>;
  writes: MaterialWrites;
  onClose: () => void;
}) {
  const { dialog, materials, students, writes, onClose } = props;
  if (!dialog) return null;
  if (dialog.kind === 'new') return <NewMaterialDialog create={writes.create} onClose={onClose} />;
  const { kind, material } = dialog;
  const key = `${kind} ${material.id}`;
  if (kind === 'edit') return <EditMaterialDialog key={key} material={material} edit={writes.edit} onClose={onClose} />;
  if (kind === 'assign') {
    const now = materials.find(({ id }) => id === material.id) ?? material;
    return <AssignDialog key={key} material={now} students={students} assign={writes.assign} onClose={onClose} />;
  }
  if (kind === 'publish') {
    return <PublishDialog key={key} material={material} edit={writes.edit} onClose={onClose} />;
  }
  return <DeleteDialog key={key} material={material} remove={writes.remove} onClose={onClose} />;
}

function PublishDialog(props: { material: TeacherMaterial; edit: MaterialWrites['edit']; onClose: () => void }) {
  const { material, edit, onClose } = props;
  return (
    <ConfirmDialog
      title="Publish this material?"
      confirmLabel="Publish"
      destroys={false}
      confirm={() => edit({ materialId: material.id, status: 'active' })}
      onClose={onClose}
    >
      Whoever has “{material.title}” sees it at once. It cannot become a draft again, only be archived.
    </ConfirmDialog>
  );
}

function DeleteDialog(props: { material: TeacherMaterial; remove: MaterialWrites['remove']; onClose: () => void }) {
  const { material, remove, onClose } = props;
  return (
    <ConfirmDialog
      title="Delete this material?"
      confirmLabel="Delete"
      confirm={() => remove(material.id)}
      onClose={onClose}
    >
      “{material.title}” is gone for good, and so is the progress that students have made in it. To keep the progress,
      archive it instead.
    </ConfirmDialog>
  );
}
