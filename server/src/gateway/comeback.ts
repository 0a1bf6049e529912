import type { Logger } from '../observability/logger.js';
import type { Timers } from './timers.js';

/** Rooms told in one go: some milliseconds of work, between which everything else has its turn. */
const SLICE_ROOMS = 200;

/** How one room was found when it was read again. */
export type RepairResult = 'recovered' | 'resync';

/** Tells every open room once that the broker is back, and the log once how that went. */
export interface Comeback<Room> {
  /** The broker is back: each of these rooms is told, the first ones at once. */
  begin(rooms: Iterable<Room>): void;
  /** The broker is away again, or the rooms are closing: those not told yet are told at the next comeback. */
  end(): void;
  /** Whether the room has not been told yet. */
  isDue(room: Room): boolean;
  /** Something happened to the room; `isRead` once it needs no further read. */
  stepped(room: Room, isRead: boolean): void;
  repaired(result: RepairResult): void;
  /** The room is closed. */
  forget(room: Room): void;
}

/** Creates it for rooms of any kind; `tell` tells one room. */
export function createComeback<Room>(options: {
  readonly tell: (room: Room) => void;
  readonly timers: Timers;
  readonly logger: Logger;
}): Comeback<Room> {
  const { tell, timers, logger } = options;
  let due = new Set<Room>();
  /** Told, and not read yet. */
  const reading = new Set<Room>();
  let counts: { readonly rooms: number; recovered: number; resync: number } | undefined;
  let cancelSlice = () => {};

  function tellSome(): void {
    let left = SLICE_ROOMS;
    for (const room of due) {
      due.delete(room);
      reading.add(room);
      tell(room);
      left -= 1;
      if (left === 0) break;
    }
    if (due.size > 0) cancelSlice = timers.after(0, tellSome);
  }

  function reportIfDone(): void {
    if (due.size === 0 && reading.size === 0) report();
  }

  function report(): void {
    if (!counts) return;
    logger.info({ ...counts, unread: due.size + reading.size }, 'rooms read again because the broker was away');
    counts = undefined;
  }

  function end(): void {
    cancelSlice();
    report();
    due.clear();
    reading.clear();
  }

  return {
    begin(rooms) {
      end();
      due = new Set(rooms);
      if (due.size === 0) return;
      counts = { rooms: due.size, recovered: 0, resync: 0 };
      tellSome();
    },
    end,
    isDue: (room) => due.has(room),
    stepped(room, isRead) {
      if (isRead && reading.delete(room)) reportIfDone();
    },
    repaired(result) {
      if (counts) counts[result] += 1;
    },
    forget(room) {
      due.delete(room);
      reading.delete(room);
      reportIfDone();
    },
  };
}
