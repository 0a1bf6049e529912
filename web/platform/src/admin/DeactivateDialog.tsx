import type { AdminUser } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { ConfirmDialog } from '../forms/ConfirmDialog.js';
import { userName } from './user-filter.js';
import { editUserMutation } from './user-mutations.js';

/** Asks before somebody is locked out. */
export function DeactivateDialog({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const edit = useMutation(editUserMutation(useApi(), useQueryClient()));
  const name = userName(user);
  return (
    <ConfirmDialog
      title={`Deactivate ${name}?`}
      confirmLabel="Deactivate"
      confirm={() => edit.mutateAsync({ userId: user.id, fields: { isActive: false } })}
      onClose={onClose}
    >
      Every session of {name} ends at once, on all devices, and they cannot log in any more. Nothing is deleted: you can
      activate the account again, then they log in anew.
    </ConfirmDialog>
  );
}
