import { Notice } from '../app/Notice.js';
import { useSessionStore } from '../session/session-context.js';
import type { SignedOutReason } from '../session/session-store.js';

/** Why nobody is logged in any more, and the shortest way on. */
export function SignedOutNotice({ reason }: { reason: SignedOutReason }) {
  const store = useSessionStore();
  switch (reason) {
    case 'expired':
      return <Notice>You were logged out. Log in again to go on.</Notice>;
    case 'replaced':
      return (
        <Notice action={{ label: 'Go on as them', run: () => void store.resume() }}>
          Somebody else has logged in in this browser.
        </Notice>
      );
    case 'logout_unconfirmed':
      return (
        <Notice action={{ label: 'Log out again', run: () => void store.logout() }}>
          The server could not be told that you logged out: this browser may still be logged in.
        </Notice>
      );
  }
}
