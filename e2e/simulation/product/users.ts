import type { Room } from '@querycast/protocol';

/** Who may see what. Nothing changes it during a run. */
export interface Users {
  /** The rooms somebody is in by right. */
  roomsOf(user: string): readonly Room[];
  /** Whether somebody may join a room beside those. */
  mayJoin(user: string, room: Room): boolean;
  /** All rooms whose data somebody may read. */
  mayRead(user: string): readonly Room[];
}

/** Rights from lists. */
export function createUsers(
  rights: ReadonlyMap<string, { readonly own: readonly Room[]; readonly extra: readonly Room[] }>,
): Users {
  const of = (user: string) => rights.get(user) ?? { own: [], extra: [] };
  return {
    roomsOf: (user) => of(user).own,
    mayJoin: (user, room) => of(user).extra.includes(room),
    mayRead: (user) => [...of(user).own, ...of(user).extra],
  };
}
