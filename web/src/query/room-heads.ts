import { comparePositions, type Position, type Room } from '@querycast/protocol';
import type { Debt } from './evidence.js';

/** An event that tells how far a room is. */
export interface RoomNews {
  readonly type: 'frame' | 'row' | 'resync';
  readonly room: Room;
  readonly position: Position;
}

/** How far each room is known to be, and since when. */
export interface RoomHeads {
  /** Takes an event in. */
  follow(news: RoomNews, at: { readonly count: number; readonly nowMs: number }): void;
  /** What data of that time (milliseconds since 1970) lacks: the heads of rooms of which something was heard later. */
  newerThan(updatedAtMs: number | undefined): readonly (readonly [Room, Debt])[];
}

interface Head {
  readonly debt: Debt;
  readonly heardAtMs: number;
}

/** Heads of no room. */
export function createRoomHeads(): RoomHeads {
  const heads = new Map<Room, Head>();
  return {
    follow: ({ type, room, position }, { count, nowMs }) => {
      const head = heads.get(room);
      const order = head && comparePositions(position, head.debt.position);
      if (type === 'frame') {
        // A fetch after the row knows of all that came before it; the frame is a debt of its own to what it names and is
        // there. What is restored only later may have been read before it, and be named by it.
        if (head && order === 'newer') heads.set(room, { debt: { ...head.debt, position }, heardAtMs: nowMs });
      } else {
        const reached = head && order === 'older' ? head.debt.position : position;
        heads.set(room, { debt: { position: reached, since: count }, heardAtMs: nowMs });
      }
    },
    newerThan: (updatedAtMs) => {
      if (updatedAtMs === undefined) return [];
      return [...heads].filter(([, head]) => updatedAtMs < head.heardAtMs).map(([room, head]) => [room, head.debt]);
    },
  };
}
