import { comparePositions, type Position } from '@querycast/protocol';
import type { Draft, RoomState } from './room-state.js';

/** How long an envelope may be on its way before it counts as lost, in milliseconds. */
const ON_ITS_WAY_MS = 1_000;

/**
 * Compares a room with the position that its log has. What the log is ahead by may be on its way, so that nothing is
 * decided yet and nothing of the room waits: `undefined`, and {@link judge} a second later.
 */
export function compare(room: Draft, position: Position, now: number): 'same' | undefined {
  if (!isComparable(room) || room.head === undefined || room.suspicion) return undefined;
  if (!isAhead(position, room.head)) return 'same';
  room.suspicion = { position, at: now + ON_ITS_WAY_MS };
  return undefined;
}

/**
 * How far the log was when a room was suspected that is behind still; `'same'` if what it lacked has come. `undefined`
 * while it is not known.
 */
export function judge(room: Draft, now: number): 'same' | Position | undefined {
  if (!room.suspicion || now < room.suspicion.at) return undefined;
  const { position } = room.suspicion;
  if (!isComparable(room)) {
    room.suspicion = { position, at: now + ON_ITS_WAY_MS };
    return undefined;
  }
  room.suspicion = undefined;
  return room.head !== undefined && isAhead(position, room.head) ? position : 'same';
}

/**
 * Whether all that a room lacked from `since` up to `missed` has come while it was read from the log: it was late, not
 * lost. A process that stood still calls its timers before it reads what has arrived.
 */
export function cameLate({ queue }: RoomState, since: Position, missed: Position): boolean {
  let heard = since;
  for (const { prev, position } of queue) if (prev === heard) heard = position;
  return !isAhead(missed, heard);
}

/** Whether nothing is about to read its log from the head on, which finds by itself what is missing. */
export function isComparable({ head, repair, subscription }: RoomState): boolean {
  return head !== undefined && repair === 'none' && subscription === 'open';
}

function isAhead(position: Position, head: Position): boolean {
  const order = comparePositions(position, head);
  return order === 'newer' || order === 'unrelated';
}
