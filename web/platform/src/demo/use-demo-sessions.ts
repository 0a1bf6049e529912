import { useEffect, useState } from 'react';
import { requestDemoAccounts } from '../api/auth-api.js';
import { openPaneSession, type PaneSession } from './pane-session.js';

const TUTOR_EMAIL = 'tutor@demo.test';
const PARENT_EMAIL = 'parent@demo.test';

/** The people of the three panes. */
export interface DemoSessions {
  readonly tutor: PaneSession;
  readonly live: PaneSession;
  readonly handWritten: PaneSession;
}

/** How far the demo has come. */
export type DemoState =
  | { readonly status: 'opening' }
  | { readonly status: 'absent' }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'open'; readonly sessions: DemoSessions };

/** Logs the demo's people in while the component is mounted; another `attempt` starts anew. */
export function useDemoSessions(attempt: number): DemoState {
  const [state, setState] = useState<DemoState>({ status: 'opening' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is the reason to run again
  useEffect(() => {
    let left = false;
    let sessions: DemoSessions | undefined;
    setState({ status: 'opening' });
    open().then(
      (opened) => {
        sessions = opened;
        if (left) close(opened);
        else setState(opened ? { status: 'open', sessions: opened } : { status: 'absent' });
      },
      (error: unknown) => {
        if (!left) setState({ status: 'failed', error });
      },
    );
    return () => {
      left = true;
      close(sessions);
    };
  }, [attempt]);
  return state;
}

async function open(): Promise<DemoSessions | undefined> {
  const accounts = await requestDemoAccounts((input, init) => fetch(input, { ...init, credentials: 'omit' }));
  if (accounts.length === 0) return undefined;
  const [tutor, live, handWritten] = await Promise.all([
    openPaneSession(TUTOR_EMAIL, 'querycast'),
    openPaneSession(PARENT_EMAIL, 'querycast'),
    openPaneSession(PARENT_EMAIL, 'hand-written'),
  ]);
  return { tutor, live, handWritten };
}

function close(sessions: DemoSessions | undefined): void {
  if (sessions) for (const session of Object.values(sessions)) session.close();
}
