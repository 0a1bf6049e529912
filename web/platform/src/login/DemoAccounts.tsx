import { UnstyledButton } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { DEMO_PASSWORD, type DemoAccount, requestDemoAccounts } from '../api/auth-api.js';
import { Monogram } from '../app/Monogram.js';
import classes from './demo-accounts.module.css';
import type { Login } from './use-login.js';

/** The demo's people, one click each; nothing where there is no demo. */
export function DemoAccounts({ login }: { login: Login }) {
  const accounts = useDemoAccounts();
  if (accounts.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="demo-heading">
      <h2 id="demo-heading" className={classes.heading}>
        Or look around as
      </h2>
      <ul className={classes.list}>
        {accounts.map((account) => (
          <li key={account.email}>
            <UnstyledButton
              className={classes.account}
              aria-label={`Log in as ${account.name}`}
              disabled={login.pending !== undefined}
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
          </li>
        ))}
      </ul>
      <a className={classes.demo} href="/demo">
        See them side by side in the demo
      </a>
    </section>
  );
}

function useDemoAccounts(): readonly DemoAccount[] {
  const [accounts, setAccounts] = useState<readonly DemoAccount[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    requestDemoAccounts((input, init) => fetch(input, init), abort.signal)
      .then((found) => {
        if (!abort.signal.aborted) setAccounts(found);
      })
      // A convenience: without an answer the form alone does, and says itself when the server is away.
      .catch(() => undefined);
    return () => abort.abort();
  }, []);
  return accounts;
}
