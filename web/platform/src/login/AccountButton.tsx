import { UnstyledButton } from '@mantine/core';
import type { DemoAccount } from '@querycast/platform-protocol';
import { IconArrowRight } from '@tabler/icons-react';
import { DEMO_PASSWORD } from '../api/auth-api.js';
import { Monogram } from '../app/Monogram.js';
import classes from './demo-accounts.module.css';
import type { Login } from './use-login.js';

/** Logs in as one of the demo's people with one click. */
export function AccountButton({ account, login }: { account: DemoAccount; login: Login }) {
  return (
    <UnstyledButton
      className={classes.account}
      aria-disabled={login.pending !== undefined}
      data-busy={login.pending === account.email}
      onClick={() => void login.start(account.email, DEMO_PASSWORD)}
    >
      <Monogram name={account.name} size="small" />
      <span className={classes.who}>
        <span className={classes.name}>{account.name}</span>
        <span className={classes.role}>{account.role}</span>
        <span className={classes.note}>{account.note}</span>
      </span>
      <IconArrowRight className={classes.arrow} size={17} stroke={1.8} aria-hidden="true" />
    </UnstyledButton>
  );
}
