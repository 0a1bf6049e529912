import { focusManager, onlineManager } from '@tanstack/react-query';
import { DISABLED_KEY, FIRST_VERSION, KEY, type Page } from './page.js';

/** The longest window of a busy query, the longest that a mutation holds a fetch, and the longest between two attempts. */
const MAX_WINDOW_MS = 2_000;
const MAX_HOLD_MS = 10_000;
const MAX_BACKOFF_MS = 30_000;

/** The shortest window. */
const MIN_WINDOW_MS = 250;

/** Holds the rules that hold at every moment. */
export interface Rules {
  /** Called before each event with what it says of the application. */
  begin(isOfApplication: boolean): void;
  /** Called whenever time has passed or something has happened, and everything has settled. */
  check(): void;
  /** The first rule that was broken. */
  broken(): string | undefined;
}

/** Watches a page. */
export function createRules(page: Page): Rules {
  const { queryClient, clock } = page;
  let first: string | undefined;
  let isOfApplication = false;
  let aborted = 0;
  let oursAtMs = Number.NEGATIVE_INFINITY;
  let activeAtMs = Number.NEGATIVE_INFINITY;
  /** Something happened a short while ago, for which a window may be open. */
  let isBusy = false;
  /** How many windows there were at most: one for each fetch, and those in which none was possible. */
  let windows = 0;
  let hasFailed = false;
  let owedSinceMs: number | undefined;
  /** Whether a mutation was under way when it was last looked. */
  let wasMutating = false;
  let wasUrgent = false;

  const breaks = (rule: string) => {
    first ??= rule;
  };

  function started(isMounted: boolean): void {
    if (isOfApplication) return;
    if (!focusManager.isFocused()) breaks('a hidden page fetched');
    if (!isMounted) breaks('a query that is not mounted was fetched');
    if (page.isConnected && clock.nowMs() - oursAtMs < MIN_WINDOW_MS) breaks('two fetches in one window');
    const isHeld = page.endMutation && clock.nowMs() - page.mutatingSinceMs < MAX_HOLD_MS;
    if (isHeld) breaks('a fetch in the midst of a mutation');
    // What is urgent was not before.
    if (!wasUrgent && page.isUrgent) owedSinceMs = undefined;
    checkPatience();
    windows += 1;
    oursAtMs = clock.nowMs();
  }

  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    const { action, query } = event;
    if (action.type === 'fetch' && query.queryKey.length === DISABLED_KEY.length)
      breaks('a disabled query was fetched');
    else if (action.type === 'fetch') started(query.isActive());
    if (query.queryKey.length > KEY.length) return;
    if (action.type === 'error' || action.type === 'setState') hasFailed = true;
    if (action.type === 'success' && !action.manual) hasFailed = false;
  });

  function isBehind(): boolean {
    return (page.data()?.version ?? Number.POSITIVE_INFINITY) < page.told;
  }

  function checkRequests(): void {
    const gone = page.requests.filter(({ signal }) => signal?.aborted).length;
    if (gone > aborted && !isOfApplication) breaks('a running fetch was disturbed');
    aborted = gone;
    if (page.running().length > 1) breaks('two fetches at once');
  }

  /** How long a fetch that is possible may be put off. */
  function patienceMs(): number {
    const { isMutating, scene } = page;
    const windowMs = Math.min(MIN_WINDOW_MS * 2 ** Math.max(0, windows - 1), MAX_WINDOW_MS);
    return (
      (isBusy ? windowMs : 0) +
      (isMutating || wasMutating ? MAX_HOLD_MS : 0) +
      (hasFailed || page.isLagging ? MAX_BACKOFF_MS : 0) +
      (page.isUrgent ? 0 : (scene.spreadMs ?? 0))
    );
  }

  function checkStarving(): void {
    const nowMs = clock.nowMs();
    const isPossible = page.unmount && focusManager.isFocused() && onlineManager.isOnline();
    const isOwed = isPossible && isBehind() && page.state()?.fetchStatus === 'idle';
    // What a mutation held is possible only from its end on, and what is urgent was not before.
    if ((wasMutating && !page.isMutating) || (!wasUrgent && page.isUrgent)) owedSinceMs = undefined;
    wasMutating = page.isMutating;
    wasUrgent = page.isUrgent;
    owedSinceMs = isOwed ? (owedSinceMs ?? nowMs) : undefined;
    if (owedSinceMs === undefined) return;
    if (patienceMs() === 0) breaks('a quiet query is not fetched at once');
    checkPatience();
  }

  function checkPatience(): void {
    if (clock.nowMs() - (owedSinceMs ?? clock.nowMs()) > patienceMs()) breaks('a fetch is put off for too long');
  }

  return {
    begin: (isOf) => {
      isOfApplication = isOf;
      const nowMs = clock.nowMs();
      const isRecent = nowMs - Math.max(activeAtMs, oursAtMs) <= 2 * MAX_WINDOW_MS;
      // What is owed since then has the window of then.
      isBusy = isRecent || (isBusy && owedSinceMs !== undefined);
      activeAtMs = nowMs;
      if (!page.unmount || !focusManager.isFocused()) windows += 1;
    },
    check: () => {
      checkRequests();
      if (!isBehind()) page.isUrgent = false;
      checkStarving();
      if (isBehind() && !page.state()?.isInvalidated) breaks('stale and not marked');
      if (page.told > FIRST_VERSION && !queryClient.getQueryState(DISABLED_KEY)?.isInvalidated)
        breaks('a disabled query is not marked');
    },
    broken: () => first,
  };
}
