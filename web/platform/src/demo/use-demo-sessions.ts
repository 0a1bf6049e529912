import { useEffect, useState } from 'react';
import { requestDemoAccounts } from '../api/auth-api.js';
import { requestCapabilities } from './demo-api.js';
import { type LazySession, lazySession } from './lazy-session.js';
import { openPaneSession, type PaneSession, sendWithoutCookies } from './pane-session.js';
import { createStage, type Stage } from './stage.js';

const TUTOR_EMAIL = 'tutor@demo.test';
const PARENT_EMAIL = 'parent@demo.test';
const TEACHER_EMAIL = 'teacher@demo.test';
const STUDENT_EMAIL = 'student@demo.test';

/** The people of the demo: those of the three panes, and those who only act. */
export interface DemoSessions {
  readonly tutor: PaneSession;
  readonly live: PaneSession;
  readonly handWritten: PaneSession;
  readonly teacher: LazySession;
  readonly student: LazySession;
}

/** Everything that the demo is made of once it is open. */
export interface OpenDemo {
  readonly sessions: DemoSessions;
  readonly stage: Stage;
  readonly canRestartGateway: boolean;
}

/** How far the demo has come. */
export type DemoState =
  | { readonly status: 'opening' }
  | { readonly status: 'absent' }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'open'; readonly demo: OpenDemo };

/** Logs the demo's people in while the component is mounted; another `attempt` starts anew. */
export function useDemoSessions(attempt: number): DemoState {
  const [state, setState] = useState<DemoState>({ status: 'opening' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is the reason to run again
  useEffect(() => {
    let left = false;
    let demo: OpenDemo | undefined;
    setState({ status: 'opening' });
    open().then(
      (opened) => {
        demo = opened;
        if (left) close(opened);
        else setState(opened ? { status: 'open', demo: opened } : { status: 'absent' });
      },
      (error: unknown) => {
        if (!left) setState({ status: 'failed', error });
      },
    );
    return () => {
      left = true;
      close(demo);
    };
  }, [attempt]);
  return state;
}

async function open(): Promise<OpenDemo | undefined> {
  const accounts = await requestDemoAccounts(sendWithoutCookies);
  if (accounts.length === 0) return undefined;
  const [capabilities, tutor, live, handWritten] = await Promise.all([
    requestCapabilities(sendWithoutCookies),
    openPaneSession(TUTOR_EMAIL, 'querycast'),
    openPaneSession(PARENT_EMAIL, 'querycast'),
    openPaneSession(PARENT_EMAIL, 'hand-written'),
  ]);
  const [teacher, student] = [lazySession(TEACHER_EMAIL), lazySession(STUDENT_EMAIL)];
  return {
    sessions: { tutor, live, handWritten, teacher, student },
    stage: createStage(live),
    canRestartGateway: capabilities.restartGateway,
  };
}

function close(demo: OpenDemo | undefined): void {
  if (!demo) return;
  demo.stage.close();
  for (const session of Object.values(demo.sessions)) session.close();
}
