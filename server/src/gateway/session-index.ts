import type { Principal } from '../auth/authenticate.js';
import { type EvictionTarget, nameOf, namesOf } from './evictions.js';

/** Finds the sessions of a user or a log-in without a look at all others. */
export function createSessionIndex<Session extends { readonly principal: Principal }>() {
  const byName = new Map<string, Set<Session>>();
  return {
    add(session: Session): void {
      for (const name of namesOf(session.principal)) {
        const named = byName.get(name);
        if (named) named.add(session);
        else byName.set(name, new Set([session]));
      }
    },
    delete(session: Session): void {
      for (const name of namesOf(session.principal)) {
        const named = byName.get(name);
        named?.delete(session);
        if (named?.size === 0) byName.delete(name);
      }
    },
    /** A copy: who goes through it may end sessions. */
    meant: (target: EvictionTarget): readonly Session[] => [...(byName.get(nameOf(target)) ?? [])],
  };
}
