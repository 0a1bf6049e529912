import '@mantine/core/styles/PasswordInput.css';
import { Button, PasswordInput, VisuallyHidden } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { ChangePassword } from '@querycast/platform-protocol';
import { Notice } from '../app/Notice.js';
import { useSending } from '../forms/use-sending.js';
import { useNotificationsStore } from '../notices/notifications-context.js';
import { personProblems } from '../people/new-person.js';
import { useSessionStore } from '../session/session-context.js';
import classes from './profile-page.module.css';

/** A type: an interface is no record of fields. */
type Passwords = { [Field in keyof ChangePassword]: string };

const NONE: Passwords = { currentPassword: '', newPassword: '' };

/** The own password, to be changed; this page goes on, all others of the same person are logged out. */
export function PasswordForm({ email }: { email: string }) {
  const store = useSessionStore();
  const notes = useNotificationsStore();
  const form = useForm<Passwords>({
    initialValues: NONE,
    validate: {
      currentPassword: (password) => (password === '' ? 'must not be empty' : null),
      newPassword: (password, { currentPassword }) => newPasswordProblem(password, currentPassword, email),
    },
  });

  async function change(passwords: Passwords): Promise<void> {
    await store.changePassword(passwords);
    form.reset();
    const message = 'Your password was changed. You were logged out everywhere else.';
    notifications.show({ message, autoClose: 6_000 }, notes);
  }

  const { isPending, message, onSubmit } = useSending(form, change);
  return (
    <form noValidate aria-label="Password" className={classes.form} onSubmit={onSubmit}>
      {message !== '' && <Notice>{message}</Notice>}
      {/* For whatever keeps passwords: whose it is. */}
      <VisuallyHidden aria-hidden="true">
        <input type="email" name="username" autoComplete="username" value={email} readOnly tabIndex={-1} />
      </VisuallyHidden>
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        {...form.getInputProps('currentPassword')}
      />
      <PasswordInput
        label="New password"
        description="At least 8 characters. You are logged out everywhere else."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autoComplete="new-password"
        required
        withAsterisk={false}
        {...form.getInputProps('newPassword')}
      />
      <div>
        <Button type="submit" aria-disabled={isPending} data-disabled={isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}

/** By the rules of the server, in its words. */
function newPasswordProblem(password: string, current: string, email: string): string | null {
  const typed = password.normalize('NFKC');
  if (typed !== '' && typed === current.normalize('NFKC')) return 'must not be the one you have';
  return typed.toLowerCase() === email ? 'must not be your e-mail' : personProblems.password(password);
}
