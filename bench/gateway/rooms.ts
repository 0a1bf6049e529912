import type { QueryKey, Room } from '@querycast/protocol';

/** How many different reads the pages of a room show. */
export const READS = 8;

/** The rooms, by number. */
export function roomOf(room: number): Room {
  return `parent:${room}`;
}

/** What a client logs in with. */
export function tokenOf(room: number, client: number): string {
  return `${room}/${client}`;
}

/** The room of whoever logs in with a token of {@link tokenOf}. */
export function roomOfToken(token: string): Room {
  return roomOf(Number.parseInt(token, 10));
}

/** The key of one read of a room, as those of the platform are. */
export function keyOf(room: number, read: number): QueryKey {
  return ['parent-child-subjects', room, read % READS];
}
