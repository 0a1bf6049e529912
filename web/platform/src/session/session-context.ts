import { createContext, useContext, useSyncExternalStore } from 'react';
import type { PageResources } from './page-session.js';
import type { ActiveSession, SessionState, SessionStore } from './session-store.js';

/** The session store of the page. */
export const SessionStoreContext = createContext<SessionStore<PageResources> | undefined>(undefined);

/** The session of whoever the pages inside belong to. */
export const SessionContext = createContext<ActiveSession<PageResources> | undefined>(undefined);

/** The session store of the page. */
export function useSessionStore(): SessionStore<PageResources> {
  const store = useContext(SessionStoreContext);
  if (!store) throw new Error('useSessionStore needs a SessionStoreContext around it');
  return store;
}

/** Who is logged in; renders again when that changes. */
export function useSessionState(): SessionState<PageResources> {
  const store = useSessionStore();
  return useSyncExternalStore(store.subscribe, store.state);
}

/** The session of the surrounding pages. Throws where nobody is logged in. */
export function useSession(): ActiveSession<PageResources> {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionContext around it');
  return session;
}
