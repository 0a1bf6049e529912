import { Skeleton } from '@mantine/core';
import type { AdminUser } from '@querycast/platform-protocol';
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { QueryState } from '../app/QueryState.js';
import { usePageDialog } from '../forms/use-page-dialog.js';
import { useActions } from '../notices/use-actions.js';
import { useSession } from '../session/session-context.js';
import { DeactivateDialog } from './DeactivateDialog.js';
import { RenameDialog } from './RenameDialog.js';
import { UserList } from './UserList.js';
import type { UserActions } from './UserRow.js';
import { type UserFilter, userName } from './user-filter.js';
import { editUserMutation } from './user-mutations.js';
import classes from './users.module.css';

/** The open dialog, with whom it was opened for: what changes on the page meanwhile does not change it. */
type Dialog = { kind: 'rename' | 'deactivate'; user: AdminUser };

/** The list of accounts, and what is done with one of them. */
export function UserManagement({ query, filter }: { query: UseQueryResult<AdminUser[]>; filter: UserFilter }) {
  const { user: self } = useSession();
  const edit = useMutation(editUserMutation(useApi(), useQueryClient()));
  const buttons = useActions();
  const { dialog, place, open, close } = usePageDialog<Dialog>();
  const actions: UserActions = {
    rename: (user) => open({ kind: 'rename', user }),
    deactivate: (user) => open({ kind: 'deactivate', user }),
    activate: (user) =>
      buttons.run(`activate ${user.id}`, () => edit.mutateAsync({ userId: user.id, fields: { isActive: true } }), {
        failed: `${userName(user)} is still deactivated`,
      }),
    isActivating: (user) => buttons.isPending(`activate ${user.id}`),
  };
  return (
    <>
      <section ref={place} tabIndex={-1} className={classes.place} aria-label="Users">
        <QueryState query={query} skeleton={<UsersSkeleton />}>
          {(users) => <UserList users={users} filter={filter} selfId={self.id} actions={actions} />}
        </QueryState>
      </section>
      {dialog?.kind === 'rename' && <RenameDialog user={dialog.user} onClose={close} />}
      {dialog?.kind === 'deactivate' && <DeactivateDialog user={dialog.user} onClose={close} />}
    </>
  );
}

function UsersSkeleton() {
  return (
    <div className={classes.list} aria-busy="true">
      {['first', 'second', 'third', 'fourth'].map((key) => (
        <Skeleton key={key} height={78} radius="lg" />
      ))}
    </div>
  );
}
