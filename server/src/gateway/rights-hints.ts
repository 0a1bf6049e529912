import type { Principal } from '../auth/authenticate.js';
import { type EvictionTarget, nameOf, namesOf } from './evictions.js';
import type { Timers } from './timers.js';

/** Longer than most look-ups take; one that takes longer counts as overtaken. */
const REMEMBER_MS = 60_000;

/** No target has this name: those of users and log-ins begin with what they are. */
const EVERYONE = 'everyone';

/** How many hints there had been at a moment: whatever was read since then knows of those. */
export type Mark = number;

/** Hints that rights may have changed, counted: what was read before one of them must not be granted after it. */
export type RightsHints = ReturnType<typeof createRightsHints>;

/**
 * Remembers hints for a minute, of sessions that are not there yet as well. Counted rather than timed, because a look-up
 * that begins in the millisecond of a hint must be told from one that began before it.
 */
export function createRightsHints(timers: Timers) {
  const recent = new Map<string, { readonly count: Mark; readonly at: number }>();
  let count: Mark = 0;
  let forgotten: { readonly count: Mark; readonly at: number } = { count: 0, at: Number.NEGATIVE_INFINITY };

  function forget(): void {
    const oldest = timers.now() - REMEMBER_MS;
    for (const [name, hint] of recent) {
      if (hint.at >= oldest) return;
      forgotten = hint;
      recent.delete(name);
    }
  }

  /** Whether any hint that means the principal, or one that nobody remembers, is among those sought. */
  function some(principal: Principal, isSought: (hint: { count: Mark; at: number }) => boolean): boolean {
    if (isSought(forgotten)) return true;
    return [EVERYONE, ...namesOf(principal)].some((name) => {
      const hint = recent.get(name);
      return hint !== undefined && isSought(hint);
    });
  }

  return {
    /** Rights of these sessions may have changed just now; without a target those of all. */
    raise(target?: EvictionTarget): void {
      forget();
      count += 1;
      const name = target === undefined ? EVERYONE : nameOf(target);
      // To the end: in the order of time.
      recent.delete(name);
      recent.set(name, { count, at: timers.now() });
    },
    mark: (): Mark => count,
    /** Whether what was read of a principal since the mark may be outdated. */
    since: (principal: Principal, mark: Mark): boolean => some(principal, (hint) => hint.count > mark),
    /** The same for what was read since that time, by the clock of this node. */
    sinceTime: (principal: Principal, at: number): boolean => some(principal, (hint) => hint.at >= at),
  };
}
