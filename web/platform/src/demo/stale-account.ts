/** For how long a pane has shown something else than the truth, all intervals together. */
export interface StaleAccount {
  /** Closed intervals, in milliseconds. */
  readonly totalMs: number;
  /** When the open interval began, in milliseconds; `undefined` while the pane shows the truth. */
  readonly sinceMs: number | undefined;
}

/** The account of a pane that has shown nothing wrong yet. */
export const CLEAN_ACCOUNT: StaleAccount = { totalMs: 0, sinceMs: undefined };

/** Books what is true from `nowMs` on. Answers the same object when that is what was true before. */
export function bookStaleness(account: StaleAccount, stale: boolean, nowMs: number): StaleAccount {
  if (stale === (account.sinceMs !== undefined)) return account;
  return stale
    ? { totalMs: account.totalMs, sinceMs: nowMs }
    : { totalMs: staleTotalMs(account, nowMs), sinceMs: undefined };
}

/** Milliseconds of staleness up to `nowMs`, the open interval included. */
export function staleTotalMs(account: StaleAccount, nowMs: number): number {
  if (account.sinceMs === undefined) return account.totalMs;
  return account.totalMs + Math.max(0, nowMs - account.sinceMs);
}

/** `3.2`: seconds with one digit, as the panes show them. */
export function formatSeconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
