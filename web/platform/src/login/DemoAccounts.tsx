import type { DemoAccount } from '@querycast/platform-protocol';
import { useEffect, useState } from 'react';
import { requestDemoAccounts } from '../api/auth-api.js';
import { AccountButton } from './AccountButton.js';
import classes from './demo-accounts.module.css';
import type { Login } from './use-login.js';

/** The demo's people, one click each; nothing where there is no demo. */
export function DemoAccounts({ login }: { login: Login }) {
  const accounts = useDemoAccounts();
  if (accounts.length === 0) return null;
  const main = accounts.filter(isFirstOfRole);
  const others = accounts.filter((account) => !main.includes(account));
  return (
    <section className={classes.section} aria-labelledby="demo-heading">
      <h2 id="demo-heading" className={classes.heading}>
        Or look around as
      </h2>
      <AccountList accounts={main} login={login} />
      {others.length > 0 && (
        <details>
          <summary className={classes.more}>{others.length} more people</summary>
          <AccountList accounts={others} login={login} />
        </details>
      )}
      <a className={classes.demo} href="/demo">
        Or see parent and tutor side by side
      </a>
    </section>
  );
}

function AccountList({ accounts, login }: { accounts: readonly DemoAccount[]; login: Login }) {
  return (
    <ul className={classes.list}>
      {accounts.map((account) => (
        <li key={account.email}>
          <AccountButton account={account} login={login} />
        </li>
      ))}
    </ul>
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

/** One of each role is enough to begin with. */
function isFirstOfRole(account: DemoAccount, index: number, all: readonly DemoAccount[]): boolean {
  return all.findIndex(({ role }) => role === account.role) === index;
}
