import type { EvictedCode } from '@querycast/protocol';
import type { EvictionTarget } from './evictions.js';
import type { Timers } from './timers.js';

/** An eviction that began on this node. */
export interface JournalEntry {
  readonly target: EvictionTarget;
  readonly code: EvictedCode;
  /** How long ago, in milliseconds. */
  readonly agoMs: number;
}

/**
 * Longer than access tokens should live: whoever is evicted gets no newer one, so that by then the sessions of a node that
 * heard nothing have ended anyway.
 */
const KEEP_MS = 15 * 60_000;

/** Most evictions that are told, the newest ones. */
export const MAX_JOURNAL_ENTRIES = 1_000;

/** Keeps the evictions of this node for a quarter of an hour, for nodes that could not hear of them. */
export function createEvictionJournal(timers: Timers) {
  let entries: { readonly target: EvictionTarget; readonly code: EvictedCode; readonly at: number }[] = [];

  return {
    add(target: EvictionTarget, code: EvictedCode): void {
      // Not each time: what is too much goes in one sweep.
      if (entries.length >= 2 * MAX_JOURNAL_ENTRIES) entries = entries.slice(-MAX_JOURNAL_ENTRIES);
      entries.push({ target, code, at: timers.now() });
    },
    /** The evictions that may still matter, oldest first. */
    recent(): JournalEntry[] {
      const now = timers.now();
      entries = entries.filter(({ at }) => at >= now - KEEP_MS);
      return entries.slice(-MAX_JOURNAL_ENTRIES).map(({ target, code, at }) => ({ target, code, agoMs: now - at }));
    },
  };
}
