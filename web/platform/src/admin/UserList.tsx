import type { AdminUser } from '@querycast/platform-protocol';
import { IconUserSearch } from '@tabler/icons-react';
import { EmptyState } from '../app/EmptyState.js';
import { useGlow } from '../live/use-glow.js';
import { type UserActions, UserRow } from './UserRow.js';
import { filterUsers, type UserFilter } from './user-filter.js';
import classes from './users.module.css';

/** The accounts that are looked for; a new or changed one glows once. */
export function UserList(props: {
  users: readonly AdminUser[];
  filter: UserFilter;
  /** The id of whoever looks. */
  selfId: number;
  actions: UserActions;
}) {
  const { users, filter, selfId, actions } = props;
  // Of all of them: one that is found again later has not changed.
  const glow = useGlow(users.map(({ id, isActive }) => [String(id), String(isActive)]));
  const found = filterUsers(users, filter);
  return (
    <>
      <p className={classes.count} role="status">
        {found.length === users.length ? `${users.length} accounts` : `${found.length} of ${users.length} accounts`}
      </p>
      {found.length === 0 ? (
        <EmptyState title="Nobody found" icon={<IconUserSearch size={30} stroke={1.5} />}>
          Try another part of the name or of the e-mail address, or all roles.
        </EmptyState>
      ) : (
        <ul className={classes.list} aria-label="Accounts">
          {found.map((user) => (
            <li key={user.id} className={glow(String(user.id), classes.row)} data-active={user.isActive}>
              <UserRow user={user} isSelf={user.id === selfId} actions={actions} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
