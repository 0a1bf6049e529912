import { openPaneSession, type PaneSession } from './pane-session.js';

/** Somebody who logs in when there is something for them to do. */
export interface LazySession {
  /** Logs in at the first call, and again after a failure. Rejects as `openPaneSession` does. */
  open(): Promise<PaneSession>;
  close(): void;
}

/** A session that is not open yet. */
export function lazySession(email: string): LazySession {
  let opening: Promise<PaneSession> | undefined;
  return {
    open() {
      opening ??= openPaneSession(email, 'querycast').catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    close() {
      // A log-in that fails has nothing to close.
      opening?.then(
        (session) => session.close(),
        () => undefined,
      );
    },
  };
}
