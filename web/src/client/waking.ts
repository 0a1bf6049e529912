import type { Timers } from './timers.js';

/** Time between two looks at the clock, in milliseconds: short enough to be awake and probed within two seconds. */
const LOOK_EVERY_MS = 400;

/** How late a look must be to tell of sleep, in milliseconds; no connection dies of less. */
const LATE_MS = 2_000;

/**
 * Calls back when the page may have been away, and its connection have died without a word: after sleep (the clock has
 * jumped), out of the back/forward cache, when the network is back, and when it is shown. Answers the stop. Where there
 * is no page, as in Node, the clock alone tells.
 */
export function watchWaking(timers: Timers, onWake: () => void): () => void {
  const page: Document | undefined = globalThis.document;
  /** As the options of a listener it brings its `signal`. */
  const listening = new AbortController();
  let cancel: () => void;

  function ifShown(): void {
    if (!page?.hidden) onWake();
  }

  function look(): void {
    const lateAtMs = timers.nowMs() + LOOK_EVERY_MS + LATE_MS;
    cancel = timers.after(LOOK_EVERY_MS, () => {
      look();
      // Timers of hidden pages are late all the time: browsers let them run once a minute.
      if (timers.nowMs() > lateAtMs) ifShown();
    });
  }

  look();
  if (page) {
    page.addEventListener('visibilitychange', ifShown, listening);
    addEventListener('online', onWake, listening);
    addEventListener('pageshow', ({ persisted }) => persisted && onWake(), listening);
  }
  return () => {
    cancel();
    listening.abort();
  };
}
