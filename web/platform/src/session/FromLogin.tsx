import { Navigate, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { homePath } from '../app/home-path.js';
import { pathAfterLogin } from './deep-link.js';
import type { ActiveSession, SessionResources } from './session-store.js';

/** Leads whoever has logged in to where they wanted to be, or home; what their role has no page for leads home by itself. */
export function FromLogin({ user }: Pick<ActiveSession<SessionResources>, 'user'>) {
  const router = useRouter();
  // Once: on the way the address is another one already.
  const [path] = useState(() => pathAfterLogin(router.state.location.state.deepLink, user.id));
  useEffect(() => {
    // An address as it was typed, not one of the router's own: there may be nothing at it.
    if (path !== undefined) router.history.replace(path);
  }, [path, router]);
  return path === undefined ? <Navigate to={homePath(user.role)} replace /> : null;
}
