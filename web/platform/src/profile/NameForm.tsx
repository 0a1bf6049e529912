import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { type Profile, platformKeys } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../api/api-context.js';
import { Notice } from '../app/Notice.js';
import { useSending } from '../forms/use-sending.js';
import { useNotificationsStore } from '../notices/notifications-context.js';
import { NameFields } from '../people/NameFields.js';
import { nameProblem } from '../people/new-person.js';
import { useSessionStore } from '../session/session-context.js';
import { editProfileMutation } from './profile-mutations.js';
import classes from './profile-page.module.css';

type Names = { firstName: string; lastName: string };

/** The own names, to be changed; the bar above every page shows them as soon as they are saved. */
export function NameForm({ profile }: { profile: Profile }) {
  const queryClient = useQueryClient();
  const edit = useMutation(editProfileMutation(useApi(), queryClient));
  const store = useSessionStore();
  const notes = useNotificationsStore();
  const form = useNamesForm(profile);

  async function save({ firstName, lastName }: Names): Promise<void> {
    const saved = await edit.mutateAsync({ firstName: firstName.trim(), lastName: lastName.trim() });
    store.rename(saved);
    // Also when it could not be fetched again.
    queryClient.setQueryData(platformKeys.profile(), saved);
    form.setInitialValues(namesOf(saved));
    notifications.show({ message: 'Your name was saved.', autoClose: 6_000 }, notes);
  }

  const { isPending, message, onSubmit } = useSending(form, save);
  return (
    <form noValidate aria-label="Name" className={classes.form} onSubmit={onSubmit}>
      {message !== '' && <Notice>{message}</Notice>}
      <NameFields own inputOf={form.getInputProps} />
      <div>
        <Button type="submit" aria-disabled={isPending} data-disabled={isPending}>
          Save name
        </Button>
      </div>
    </form>
  );
}

/** A form that follows the profile until something is typed: what is half-typed survives every refresh. */
function useNamesForm(profile: Profile) {
  const form = useForm<Names>({
    initialValues: namesOf(profile),
    validate: { firstName: nameProblem, lastName: nameProblem },
  });
  useEffect(() => {
    const shown = form.getInitialValues();
    const isCurrent = shown.firstName === profile.firstName && shown.lastName === profile.lastName;
    if (isCurrent || form.isDirty()) return;
    form.setInitialValues(namesOf(profile));
    form.setValues(namesOf(profile));
  }, [form, profile]);
  return form;
}

function namesOf({ firstName, lastName }: Names): Names {
  return { firstName, lastName };
}
