import { Button } from '@mantine/core';
import type { AdminUser } from '@querycast/platform-protocol';
import { Monogram } from '../app/Monogram.js';
import { StatusBadge } from '../app/StatusBadge.js';
import { Glow } from '../live/Glow.js';
import { ActionButton } from '../notices/ActionButton.js';
import { ROLE_NAMES, userName } from './user-filter.js';
import classes from './users.module.css';

/** What can be done with an account. */
export interface UserActions {
  rename(user: AdminUser): void;
  /** Asks first. */
  deactivate(user: AdminUser): void;
  activate(user: AdminUser): void;
  isActivating(user: AdminUser): boolean;
}

/** One account. */
export function UserRow({ user, isSelf, actions }: { user: AdminUser; isSelf: boolean; actions: UserActions }) {
  const name = userName(user);
  return (
    <>
      <Monogram name={name} />
      <div className={classes.who}>
        <h2 className={classes.name}>
          <Glow value={name} />
        </h2>
        <p className={classes.email}>{user.email}</p>
      </div>
      <p className={classes.role}>{ROLE_NAMES[user.role]}</p>
      <div className={classes.status}>
        <StatusBadge status={user.isActive ? 'active' : 'deactivated'} />
      </div>
      <div className={classes.buttons}>
        <Button variant="default" size="xs" aria-label={`Rename ${name}`} onClick={() => actions.rename(user)}>
          Rename
        </Button>
        {isSelf ? (
          <p className={classes.self}>This is you: you cannot deactivate yourself.</p>
        ) : (
          <StatusButton user={user} actions={actions} />
        )}
      </div>
    </>
  );
}

/** One button for both ways, so that the keyboard's focus stays on it when the way changes. */
function StatusButton({ user, actions }: { user: AdminUser; actions: UserActions }) {
  const label = user.isActive ? 'Deactivate' : 'Activate';
  return (
    <ActionButton
      variant={user.isActive ? 'subtle' : 'light'}
      color={user.isActive ? 'red' : 'petrol'}
      size="xs"
      className={classes.statusButton ?? ''}
      aria-label={`${label} ${userName(user)}`}
      pending={actions.isActivating(user)}
      onClick={() => (user.isActive ? actions.deactivate(user) : actions.activate(user))}
    >
      {label}
    </ActionButton>
  );
}
