import { isRoom, type Room } from '@querycast/protocol';

/** Tells whether a room is one of those that somebody may publish to. */
export type RoomScope = (room: Room) => boolean;

/**
 * Whether a text says which rooms a token is for: `parent:`, a kind with its colon, is every room of that kind, and
 * `parent:42` is that room alone. Nothing else is, so `parent:4` can never be taken for the beginning of `parent:42`.
 */
export function isRoomPrefix(text: unknown): text is string {
  // With an id behind it, a kind and its colon are a room, and nothing else that ends with a colon is.
  return isRoom(text) || (typeof text === 'string' && text.endsWith(':') && isRoom(`${text}0`));
}

/** The rooms that some prefixes name; see {@link isRoomPrefix}. */
export function roomScope(prefixes: readonly string[]): RoomScope {
  const known = new Set(prefixes);
  return (room) => known.has(room) || known.has(room.slice(0, room.indexOf(':') + 1));
}
