import type { MaterialStatus, TeacherMaterial } from '@querycast/platform-protocol';
import { ActionButton } from '../../notices/ActionButton.js';
import type { Actions } from '../../notices/use-actions.js';
import { CardButton } from '../CardButton.js';
import type { MaterialDialog } from './MaterialDialogs.js';
import type { MaterialWrites } from './use-material-writes.js';

interface Step {
  readonly label: string;
  readonly to: MaterialStatus;
  readonly failed: string;
}

/** The next step in the life of a material. */
const STEPS: Readonly<Record<MaterialStatus, Step>> = {
  draft: { label: 'Publish', to: 'active', failed: 'was not published' },
  active: { label: 'Archive', to: 'archived', failed: 'was not archived' },
  archived: { label: 'Restore', to: 'active', failed: 'was not restored' },
};

/** What can be done with a material as it is now. */
export function MaterialActions(props: {
  material: TeacherMaterial;
  edit: MaterialWrites['edit'];
  actions: Actions;
  open: (dialog: MaterialDialog) => void;
}) {
  const { material, edit, actions, open } = props;
  const { id, title } = material;
  const { label, to, failed } = STEPS[material.status];
  const action = `status of ${id}`;
  return (
    <>
      <CardButton
        label="Assign"
        of={`students to ${title}`}
        isMain
        onClick={() => open({ kind: 'assign', material })}
      />
      <CardButton label="Edit" of={title} onClick={() => open({ kind: 'edit', material })} />
      <ActionButton
        variant="default"
        size="xs"
        // The longest of its words fits: what stands beside it does not move.
        miw={78}
        aria-label={`${label} ${title}`}
        pending={actions.isPending(action)}
        onClick={({ detail: clicks }) => {
          // The second click of a double click was not meant for what the first one has made of the button.
          if (clicks > 1) return;
          // There is no way back to a draft.
          if (material.status === 'draft') open({ kind: 'publish', material });
          else actions.run(action, () => edit({ materialId: id, status: to }), { failed: `“${title}” ${failed}` });
        }}
      >
        {label}
      </ActionButton>
      <CardButton label="Delete" of={title} onClick={() => open({ kind: 'delete', material })} />
    </>
  );
}
