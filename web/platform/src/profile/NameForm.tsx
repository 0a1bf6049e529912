import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { type EditProfile, type Profile, platformKeys } from '@querycast/platform-protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../api/api-context.js';
import { Notice } from '../app/Notice.js';
import { changedFields } from '../forms/changed-fields.js';
import { DiscardDialog } from '../forms/DiscardDialog.js';
import { useLeaving } from '../forms/use-leaving.js';
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
  const write = useNameWrite();
  const notes = useNotificationsStore();
  const form = useNamesForm(profile);

  async function save(names: Names): Promise<void> {
    // The other name may be another one by now.
    const changed = changedFields(form.getInitialValues(), trimmed(names));
    const saved = namesOf(Object.keys(changed).length > 0 ? await write(changed) : profile);
    const { firstName, lastName } = form.getValues();
    // What was typed meanwhile stays, and is what is still to be saved.
    form.setValues({
      firstName: firstName === names.firstName ? saved.firstName : firstName,
      lastName: lastName === names.lastName ? saved.lastName : lastName,
    });
    form.resetDirty(saved);
    notifications.show({ message: 'Your name was saved.', autoClose: 6_000 }, notes);
  }

  const { isPending, message, onSubmit } = useSending(form, save);
  const leaving = useLeaving(form.isDirty());
  return (
    <>
      <form noValidate aria-label="Name" className={classes.form} onSubmit={onSubmit}>
        {message !== '' && <Notice>{message}</Notice>}
        <NameFields own inputOf={form.getInputProps} />
        <div>
          <Button type="submit" aria-disabled={isPending} data-disabled={isPending}>
            Save name
          </Button>
        </div>
      </form>
      <DiscardDialog leaving={leaving} />
    </>
  );
}

/** Saves names; whatever shows them has them at once. */
function useNameWrite() {
  const queryClient = useQueryClient();
  const edit = useMutation(editProfileMutation(useApi(), queryClient));
  const store = useSessionStore();
  return async (names: EditProfile): Promise<Profile> => {
    const saved = await edit.mutateAsync(names);
    store.rename(saved);
    // Also when it could not be fetched again.
    queryClient.setQueryData(platformKeys.profile(), saved);
    return saved;
  };
}

/** A form that follows the profile until something is typed: what is half-typed survives every refresh. */
function useNamesForm(profile: Profile) {
  const form = useForm<Names>({
    initialValues: namesOf(profile),
    validate: { firstName: nameProblem, lastName: nameProblem },
  });
  useEffect(() => {
    if (isSame(form.getInitialValues(), profile) || form.isDirty()) return;
    form.setInitialValues(namesOf(profile));
    form.setValues(namesOf(profile));
  }, [form, profile]);
  return form;
}

function namesOf({ firstName, lastName }: Names): Names {
  return { firstName, lastName };
}

function trimmed({ firstName, lastName }: Names): Names {
  return { firstName: firstName.trim(), lastName: lastName.trim() };
}

function isSame(one: Names, other: Names): boolean {
  return one.firstName === other.firstName && one.lastName === other.lastName;
}
