import type { Room } from '@querycast/protocol';

/** Tells which rooms somebody listens to, so that work for those that nobody does is left out. */
export interface OpenRooms {
  /**
   * Of `rooms`, given validated, those that at least one node has open at the moment: a room may be opened or left right
   * after, and while one is moved or subscribed anew it may be missing. Good for a hint, never for a right. Rejects with
   * `BrokerUnavailableError`.
   */
  openRooms(rooms: readonly Room[]): Promise<ReadonlySet<Room>>;
}
