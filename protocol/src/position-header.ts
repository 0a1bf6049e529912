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

/** Reads the header's value. Entries that are malformed are left out: an absent position is always safe. */
export function parsePositionHeader(value: string): Positions {
  const positions: Record<Room, Position> = {};
  for (const entry of value.split(',')) {
    const [room, position, ...rest] = entry.trim().split('=');
    if (rest.length === 0 && isRoom(room) && isPosition(position)) positions[room] = position;
  }
  return positions;
}
