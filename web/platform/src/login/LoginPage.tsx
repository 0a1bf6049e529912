import { PageTitle } from '../app/PageTitle.js';
import type { SignedOutReason } from '../session/session-store.js';
import { BrandPanel } from './BrandPanel.js';
import { DemoAccounts } from './DemoAccounts.js';
import { LoginForm } from './LoginForm.js';
import classes from './login-page.module.css';
import { SignedOutNotice } from './SignedOutNotice.js';
import { useLogin } from './use-login.js';

/** Logging in, by password or with one click as one of the demo's people. */
export function LoginPage({ reason }: { reason?: SignedOutReason }) {
  const login = useLogin();
  return (
    <div className={classes.page}>
      <BrandPanel />
      <main className={classes.main}>
        <div className={classes.content}>
          <PageTitle title="Log in" className={classes.title} />
          {reason && <SignedOutNotice reason={reason} />}
          <LoginForm login={login} />
          <DemoAccounts login={login} />
        </div>
      </main>
    </div>
  );
}
