import { Navigate, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { deepLinkTo } from './deep-link.js';
import { useSessionStore } from './session-context.js';

/** Leads to the log-in page, which leads back here where that is meant. */
export function ToLogin() {
  const router = useRouter();
  const store = useSessionStore();
  // Once: on the way the address is another one already.
  const [deepLink] = useState(() => deepLinkTo(router.state.location.href, store.awaited()));
  // Whatever was half-typed here: a session that is over cannot be gone on with.
  return <Navigate to="/login" replace ignoreBlocker {...(deepLink && { state: { deepLink } })} />;
}
