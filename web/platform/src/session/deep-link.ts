import type { AwaitedPerson } from './session-store.js';

/** An address that was opened by somebody who had to log in first. */
export interface DeepLink {
  readonly path: string;
  /** Whose session ended there; without it, it is for whoever logs in. */
  readonly userId?: number;
}

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Kept beside the log-in page's address, not in it: nobody else can put one there, and a reload keeps it. */
    deepLink?: DeepLink;
  }
}

/** What to remember of `path` while `awaited` logs in; `undefined` when the next one begins at home. */
export function deepLinkTo(path: string, awaited: AwaitedPerson): DeepLink | undefined {
  if (awaited === 'nobody' || !isOwnPath(path)) return undefined;
  return awaited === 'anybody' ? { path } : { path, userId: awaited };
}

/** Where somebody who has logged in goes on; `undefined` for home. What was another one's may be an error for them. */
export function pathAfterLogin(deepLink: DeepLink | undefined, userId: number): string | undefined {
  if (!deepLink || !isOwnPath(deepLink.path)) return undefined;
  return deepLink.userId === undefined || deepLink.userId === userId ? deepLink.path : undefined;
}

/** Whether an address stays here: browsers take `//host` and `/\host` for another origin. */
function isOwnPath(path: string): boolean {
  return /^\/(?![/\\])/.test(path) && new URL(path, window.location.origin).origin === window.location.origin;
}
