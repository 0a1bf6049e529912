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
  const turnMs = intervalMs / SLICES;
  let lastPlace = 0;
  let lastTurn = 0;
  /** When the last turn was, or should have been: so that a lap takes no longer. */
  let lastTurnAt = 0;
  let cancelTurn: (() => void) | undefined;

  function sliceIn(turns: number): Set<Room> | undefined {
    return slices[(lastTurn + turns) % SLICES];
  }

  /** Lets turns go by that are for nobody. A process that slept begins anew. */
  function goBy(now: number): void {
    if (lastTurnAt + intervalMs < now) lastTurnAt = now;
    while (lastTurnAt + turnMs <= now && sliceIn(1)?.size === 0) {
      lastTurn += 1;
      lastTurnAt += turnMs;
    }
  }

  /** Waits for the next turn that is for anybody: nobody wakes for nothing. */
  function arm(): void {
    disarm();
    if (sliceOf.size === 0 || intervalMs === Number.POSITIVE_INFINITY) return;
    const now = timers.now();
    goBy(now);
    let turns = 1;
    while (sliceIn(turns)?.size === 0) turns += 1;
    cancelTurn = timers.after(lastTurnAt + turns * turnMs - now, () => takeTurn(turns));
  }

  function takeTurn(turns: number): void {
    lastTurn += turns;
    lastTurnAt += turns * turnMs;
    for (const room of slices[lastTurn % SLICES] ?? []) if (!visiting.has(room)) waiting.add(room);
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
      const isFirst = slice.size === 0;
      // Before the room is there: a turn that is over is not for it.
      if (isFirst) goBy(timers.now());
      sliceOf.set(room, slice.add(room));
      if (isFirst) arm();
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
