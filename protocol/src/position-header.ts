import { isPosition, type Position } from './position.js';
import { isRoom, type Room } from './room.js';

/** Response header with the positions of the viewer's rooms, read before the response's data was. */
export const POSITION_HEADER = 'Querycast-Position';

/** Positions by room. */
export type Positions = Readonly<Record<Room, Position>>;

/** Writes the header's value: `parent:42=<position>, class:7=<position>`. */
export function formatPositionHeader(positions: Positions): string {
  return Object.entries(positions)
    .map(([room, position]) => `${room}=${position}`)
    .join(', ');
}

/**
 * Reads the header's value. Entries that are malformed are left out, and so is a room named twice (two headers joined
 * on the way): an absent position is always safe, one that is too new never is.
 */
export function parsePositionHeader(value: string): Positions {
  const positions: Record<Room, Position> = {};
  const seen = new Set<Room>();
  for (const entry of value.split(',')) {
    const [room, position, ...rest] = entry.trim().split('=');
    if (!isRoom(room)) continue;
    if (rest.length === 0 && isPosition(position) && !seen.has(room)) positions[room] = position;
    else delete positions[room];
    seen.add(room);
  }
  return positions;
}
