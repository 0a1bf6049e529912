import { NativeSelect } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { CreateUser } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { FormDialog } from '../forms/FormDialog.js';
import { NOBODY_YET, type PersonValues, personOf, personProblems } from '../people/new-person.js';
import { PersonFields } from '../people/PersonFields.js';
import { ROLE_NAMES } from './user-filter.js';
import { createUserMutation } from './user-mutations.js';

const ROLES = ['parent', 'teacher', 'tutor', 'admin'] as const satisfies CreateUser['role'][];

type Values = PersonValues & { role: CreateUser['role'] };

/** Makes an account for anybody but students, who come in through their tutor. */
export function NewUserDialog({ onClose }: { onClose: () => void }) {
  const create = useMutation(createUserMutation(useApi(), useQueryClient()));
  const initialValues: Values = { ...NOBODY_YET, role: 'parent' };
  const form = useForm({ initialValues, validate: personProblems });
  return (
    <FormDialog
      title="New user"
      submitLabel="Create user"
      form={form}
      submit={({ role, ...person }) => create.mutateAsync({ ...personOf(person), role })}
      onClose={onClose}
    >
      <NativeSelect
        label="Role"
        description="Students are added by their tutor."
        data={ROLES.map((role) => ({ value: role, label: ROLE_NAMES[role] }))}
        {...form.getInputProps('role')}
      />
      <PersonFields inputOf={form.getInputProps} />
    </FormDialog>
  );
}
