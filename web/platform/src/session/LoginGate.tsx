import { SplashPage } from '../app/SplashPage.js';
import { LoginPage } from '../login/LoginPage.js';
import { FromLogin } from './FromLogin.js';
import { useSessionState } from './session-context.js';
import { useResumeOnce } from './use-resume-once.js';

/** The login page, for whoever is not logged in yet. */
export function LoginGate() {
  const state = useSessionState();
  useResumeOnce();
  if (state.status === 'active') return <FromLogin user={state.session.user} />;
  if (state.status === 'resuming') return <SplashPage />;
  return <LoginPage {...(state.status === 'anonymous' && state.reason ? { reason: state.reason } : {})} />;
}
