import type { ShownState } from './truth.js';

/** What a pane has shown and since when. */
export interface Screen {
  /** From `atMs` on the pane shows this. */
  show(state: ShownState, atMs: number): void;
  /** What it shows now; `undefined` before anything. */
  current(): ShownState | undefined;
  /**
   * When the pane began to show something that `isWanted` accepts, of all that it has shown at `sinceMs` or later. That may
   * be before `sinceMs`: it has shown it all the while. `undefined` while it has not.
   */
  shownAt(isWanted: (state: ShownState) => boolean, sinceMs: number): number | undefined;
  /** Calls back whenever the pane shows something else; answers the unsubscribe. */
  subscribe(listener: () => void): () => void;
}

/** More than a person can follow. */
const MAX_REMEMBERED = 100;

/** A pane that has shown nothing yet. All times in milliseconds of the same clock. */
export function createScreen(): Screen {
  const listeners = new Set<() => void>();
  let shown: { state: ShownState; fromMs: number }[] = [];

  return {
    show(state, atMs) {
      if (shown.at(-1)?.state === state) return;
      shown = [...shown, { state, fromMs: atMs }].slice(-MAX_REMEMBERED);
      for (const listener of [...listeners]) listener();
    },
    current: () => shown.at(-1)?.state,
    shownAt(isWanted, sinceMs) {
      const found = shown.find(({ state }, index) => {
        const untilMs = shown[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
        return untilMs > sinceMs && isWanted(state);
      });
      return found?.fromMs;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
