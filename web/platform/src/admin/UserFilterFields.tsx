import { NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { ROLE_NAMES, type UserFilter } from './user-filter.js';
import classes from './users.module.css';

const ROLE_CHOICES = [
  { value: '', label: 'All roles' },
  ...Object.entries(ROLE_NAMES).map(([value, label]) => ({ value, label })),
];

/** Narrows down which accounts are shown. */
export function UserFilterFields(props: { filter: UserFilter; onChange: (filter: UserFilter) => void }) {
  const { filter, onChange } = props;
  return (
    <search className={classes.filter}>
      <TextInput
        label="Search"
        placeholder="Name or e-mail"
        type="search"
        leftSection={<IconSearch size={17} stroke={1.8} aria-hidden="true" />}
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
      <NativeSelect
        label="Role"
        data={ROLE_CHOICES}
        value={filter.role}
        onChange={(event) => onChange({ ...filter, role: event.currentTarget.value })}
      />
    </search>
  );
}
