import '@mantine/core/styles/PasswordInput.css';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import { ApiRequestError, describeError } from '../api/errors.js';
import { Notice } from '../app/Notice.js';
import classes from './login-form.module.css';
import type { Login } from './use-login.js';

/** E-mail address and password. The button is never `disabled` nor `loading`: both would take the focus away. */
export function LoginForm({ login }: { login: Login }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const ids = { email: useId(), password: useId() };
  const busy = login.pending !== undefined;

  function submit(event: FormEvent): void {
    event.preventDefault();
    void login.start(email.trim(), password);
  }

  return (
    <form className={classes.form} onSubmit={submit} aria-label="Log in">
      {login.error !== undefined && <Notice>{describeLoginError(login.error)}</Notice>}
      <TextInput
        id={ids.email}
        label="E-mail"
        type="email"
        size="md"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        id={ids.password}
        label="Password"
        size="md"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="md" aria-disabled={busy} data-disabled={busy}>
        Log in
      </Button>
    </form>
  );
}

function describeLoginError(error: unknown): string {
  if (error instanceof ApiRequestError && error.status === 401) return 'E-mail or password is wrong.';
  // Not a fault of the server, which says itself what to do.
  if (error instanceof ApiRequestError && error.apiCode === 'busy') return error.message;
  return describeError(error);
}
