import type { EvictedCode } from '@querycast/protocol';
import type { Principal } from '../auth/authenticate.js';
import type { Timers } from './timers.js';

/** Whom to evict: every session of a user, or the sessions of one log-in. */
export type EvictionTarget = { readonly user: string } | { readonly session: string };

/** Longer than any token check and room look-up takes. */
const REMEMBER_MS = 60_000;

/** Remembers evictions for a minute: a connection whose token was checked before an eviction must not slip past it. */
export function createEvictions(timers: Timers) {
  const recent = new Map<string, { target: EvictionTarget; code: EvictedCode; at: number }>();
  const forget = () => {
    const oldest = timers.now() - REMEMBER_MS;
    for (const [name, { at }] of recent) {
      // In the order of time, but for some heard of late, because the newest one of a target is put last.
      if (at >= oldest) return;
      recent.delete(name);
    }
  };
  return {
    /** `at`: when it happened, by the clock of this node. */
    remember(target: EvictionTarget, code: EvictedCode, at: number): void {
      forget();
      const name = JSON.stringify(target);
      // One that was heard of late must not hide a newer one.
      if ((recent.get(name)?.at ?? Number.NEGATIVE_INFINITY) >= at) return;
      recent.delete(name);
      recent.set(name, { target, code, at });
    },
    /** The code of an eviction of this principal at or after `checkedAt`. */
    since(principal: Principal, checkedAt: number): EvictedCode | undefined {
      forget();
      for (const { target, code, at } of recent.values()) {
        if (at >= checkedAt && matches(target, principal)) return code;
      }
      return undefined;
    },
  };
}

/** Whether a principal is meant. */
export function matches(target: EvictionTarget, principal: Principal): boolean {
  return 'user' in target ? principal.id === target.user : principal.session === target.session;
}
