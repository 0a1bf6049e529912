import type { Room } from '@querycast/protocol';

/** Rooms that parts of the application asked for, each as long as at least one part wants it. */
export interface ExtraRooms {
  /** Asks for a room; answers how to take the wish back, once. */
  add(room: Room): () => void;
  has(room: Room): boolean;
  rooms(): readonly Room[];
}

/** Counts wishes per room; `onFirst` and `onLast` hear of the first and of the last one. */
export function createExtraRooms(onFirst: (room: Room) => void, onLast: (room: Room) => void): ExtraRooms {
  const wishes = new Map<Room, number>();

  function remove(room: Room): void {
    const left = (wishes.get(room) ?? 0) - 1;
    if (left > 0) {
      wishes.set(room, left);
      return;
    }
    wishes.delete(room);
    onLast(room);
  }

  return {
    add: (room) => {
      const before = wishes.get(room) ?? 0;
      wishes.set(room, before + 1);
      if (before === 0) onFirst(room);
      let wanted = true;
      return () => {
        if (wanted) remove(room);
        wanted = false;
      };
    },
    has: (room) => wishes.has(room),
    rooms: () => [...wishes.keys()],
  };
}
