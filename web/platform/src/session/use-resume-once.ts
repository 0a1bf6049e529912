import { useEffect } from 'react';
import { useSessionStore } from './session-context.js';

/** Asks for the session behind the refresh cookie when this is the first page that wants to know. */
export function useResumeOnce(): void {
  const store = useSessionStore();
  useEffect(() => store.resumeOnce(), [store]);
}
