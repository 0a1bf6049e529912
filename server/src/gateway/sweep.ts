import type { Timers } from './timers.js';

/** Visits every open room once per interval, so that what nobody noticed does not stay. */
export interface Sweep<Room> {
  add(room: Room): void;
  /** The room is closed. */
  forget(room: Room): void;
  /** Visits nobody any more. */
  close(): void;
}

/** Parts of the interval, and of the rooms: a hundred thousand rooms are some hundreds every 100 ms, and no burst. */
const SLICES = 300;

/** Most rooms visited at a time: what sessions wait for must not queue behind all of a sweep. */
const MAX_VISITS = 50;

/**
 * Creates it for rooms of any kind. `visit` never rejects; a room whose visit takes longer than the interval is not
 * visited twice at a time.
 */
export function createSweep<Room>(options: {
  readonly visit: (room: Room) => Promise<void>;
  /** In milliseconds; `Infinity`: never. */
  readonly intervalMs: number;
  readonly timers: Timers;
}): Sweep<Room> {
  const { visit, intervalMs, timers } = options;
  const slices = Array.from({ length: SLICES }, () => new Set<Room>());
  const sliceOf = new Map<Room, Set<Room>>();
  const waiting = new Set<Room>();
  const visiting = new Set<Room>();
  let lastPlace = 0;
  let lastTurn = 0;
  let turnAt = 0;
  let cancelTurn: (() => void) | undefined;

  function arm(): void {
    if (cancelTurn || sliceOf.size === 0 || intervalMs === Number.POSITIVE_INFINITY) return;
    const now = timers.now();
    // From the time it should have been, so that a lap takes no longer; a process that slept begins anew.
    turnAt = turnAt + intervalMs < now ? now : turnAt;
    turnAt += intervalMs / SLICES;
    cancelTurn = timers.after(turnAt - now, takeTurn);
  }

  function takeTurn(): void {
    cancelTurn = undefined;
    lastTurn = (lastTurn + 1) % SLICES;
    for (const room of slices[lastTurn] ?? []) if (!visiting.has(room)) waiting.add(room);
    visitSome();
    arm();
  }

  function visitSome(): void {
    for (const room of waiting) {
      if (visiting.size >= MAX_VISITS) return;
      waiting.delete(room);
      visiting.add(room);
      void visit(room).then(() => {
        visiting.delete(room);
        visitSome();
      });
    }
  }

  function disarm(): void {
    cancelTurn?.();
    cancelTurn = undefined;
  }

  return {
    add(room) {
      // One slice after the other: as even as can be, whenever and however many rooms open.
      lastPlace = (lastPlace + 1) % SLICES;
      const slice = slices[lastPlace];
      if (!slice) return;
      sliceOf.set(room, slice.add(room));
      arm();
    },
    forget(room) {
      sliceOf.get(room)?.delete(room);
      sliceOf.delete(room);
      waiting.delete(room);
      if (sliceOf.size === 0) disarm();
    },
    close() {
      disarm();
      waiting.clear();
      sliceOf.clear();
      for (const slice of slices) slice.clear();
    },
  };
}
