import { QueryClientProvider } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { ApiContext } from '../api/api-context.js';
import { PageFrame } from '../app/PageFrame.js';
import { SplashPage } from '../app/SplashPage.js';
import { UnreachablePage } from '../app/UnreachablePage.js';
import { LiveSession } from '../live/LiveSession.js';
import { SessionContext, useSessionState, useSessionStore } from './session-context.js';
import { ToLogin } from './ToLogin.js';
import { useResumeOnce } from './use-resume-once.js';

/** The pages of the person who is logged in; nothing of one login is ever rendered in another. */
export function SignedIn() {
  const state = useSessionState();
  const store = useSessionStore();
  useResumeOnce();
  if (state.status === 'resuming') return <SplashPage />;
  if (state.status === 'unreachable') return <UnreachablePage onRetry={() => void store.resume()} />;
  if (state.status === 'anonymous') return <ToLogin />;
  const { session } = state;
  return (
    <SessionContext.Provider key={session.id} value={session}>
      <QueryClientProvider client={session.resources.queryClient}>
        <ApiContext.Provider value={session.resources.api}>
          <LiveSession userId={session.user.id} access={session.access}>
            <PageFrame>
              <Outlet />
            </PageFrame>
          </LiveSession>
        </ApiContext.Provider>
      </QueryClientProvider>
    </SessionContext.Provider>
  );
}
