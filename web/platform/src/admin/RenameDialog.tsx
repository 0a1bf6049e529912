import { useForm } from '@mantine/form';
import type { AdminUser } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { changedFields } from '../forms/changed-fields.js';
import { FormDialog } from '../forms/FormDialog.js';
import { NameFields } from '../people/NameFields.js';
import { nameProblem } from '../people/new-person.js';
import { useSessionStore } from '../session/session-context.js';
import { userName } from './user-filter.js';
import { editUserMutation } from './user-mutations.js';

/** Gives somebody another name, who was called as when the dialog was opened. */
export function RenameDialog({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const edit = useMutation(editUserMutation(useApi(), useQueryClient()));
  const store = useSessionStore();
  const form = useForm({
    initialValues: { firstName: user.firstName, lastName: user.lastName },
    validate: { firstName: nameProblem, lastName: nameProblem },
  });

  async function submit({ firstName, lastName }: { firstName: string; lastName: string }): Promise<void> {
    // The other name may be another one by now; and the server takes no change of nothing.
    const fields = changedFields(form.getInitialValues(), { firstName: firstName.trim(), lastName: lastName.trim() });
    if (Object.keys(fields).length === 0) return;
    const renamed = await edit.mutateAsync({ userId: user.id, fields });
    // Without effect for anybody but oneself.
    store.rename({ id: renamed.id, name: userName(renamed) });
  }

  return (
    <FormDialog title={`Rename ${userName(user)}`} submitLabel="Save" form={form} submit={submit} onClose={onClose}>
      <NameFields inputOf={form.getInputProps} />
    </FormDialog>
  );
}
