import type { EvictedCode } from '@querycast/protocol';
import type { Principal } from '../auth/authenticate.js';
import type { Timers } from './timers.js';

/** Whom to evict: every session of a user, or the sessions of one log-in. */
export type EvictionTarget = { readonly user: string } | { readonly session: string };

/** Longer than any token check and room look-up takes. */
const REMEMBER_MS = 60_000;

/** Remembers evictions for a minute: a connection whose token was checked before an eviction must not slip past it. */
export function createEvictions(timers: Timers) {
  const recent = new Map<string, { code: EvictedCode; at: number }>();
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
      const name = nameOf(target);
      // One that was heard of late must not hide a newer one.
      if ((recent.get(name)?.at ?? Number.NEGATIVE_INFINITY) >= at) return;
      recent.delete(name);
      recent.set(name, { code, at });
    },
    /** The code of an eviction of this principal at or after `checkedAt`. */
    since(principal: Principal, checkedAt: number): EvictedCode | undefined {
      forget();
      const meant = namesOf(principal).map((name) => recent.get(name));
      return meant.find((eviction) => eviction !== undefined && eviction.at >= checkedAt)?.code;
    },
  };
}

/** The name of a target, as a key of maps: a user and a log-in of the same name differ. */
export function nameOf(target: EvictionTarget): string {
  return 'user' in target ? `user ${target.user}` : `session ${target.session}`;
}

/** The names of all targets that mean this principal. */
export function namesOf({ id, session }: Principal): string[] {
  return session === undefined ? [nameOf({ user: id })] : [nameOf({ user: id }), nameOf({ session })];
}
