import { Menu, UnstyledButton } from '@mantine/core';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession, useSessionStore } from '../session/session-context.js';
import { Monogram } from './Monogram.js';
import classes from './user-menu.module.css';

/** Who is logged in, and the way out. */
export function UserMenu() {
  const { user } = useSession();
  const store = useSessionStore();
  return (
    <Menu position="bottom-end" width={220} radius="md" shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.target} aria-label={`Account of ${user.name}`}>
          <Monogram name={user.name} size="small" />
          <span className={classes.name}>{user.name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name} · {user.role}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconUserCircle size={17} stroke={1.7} />}
          renderRoot={(props) => <Link to="/profile" {...props} />}
        >
          Your profile
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={17} stroke={1.7} />} onClick={() => void store.logout()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
