import type { ShownState } from './truth.js';

/** What the parent's dashboard really is, as far as it is known here. */
export interface TruthWatch {
  /** `undefined` before the first answer. */
  current(): ShownState | undefined;
  /** Asks anew; resolves to an answer whose question was put after the call. Rejects as asking does. */
  refresh(): Promise<ShownState>;
  /** Calls back when the truth has changed; answers the unsubscribe. */
  subscribe(listener: () => void): () => void;
}

/** A watch that asks by `ask`, at most one question at a time: whoever comes meanwhile shares the next one. */
export function createTruthWatch(ask: () => Promise<ShownState>): TruthWatch {
  const listeners = new Set<() => void>();
  let current: ShownState | undefined;
  let asking: Promise<unknown> = Promise.resolve();
  let next: Promise<ShownState> | undefined;

  async function askNext(): Promise<ShownState> {
    // Whether the one before failed is the matter of those who asked it.
    await asking.catch(() => undefined);
    next = undefined;
    const answer = ask();
    asking = answer;
    const state = await answer;
    if (state !== current) {
      current = state;
      for (const listener of [...listeners]) listener();
    }
    return state;
  }

  return {
    current: () => current,
    refresh() {
      next ??= askNext();
      return next;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
