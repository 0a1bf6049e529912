import { type Percentiles, percentilesOf } from '../../figures/percentiles.js';
import type { OtherWrite } from './other-writes.js';
import type { HeardFrame } from './sockets.js';

/** How much longer the slowest other write may take while a rename is told, in milliseconds. */
export const MAX_HELD_BACK_MS = 1_000;

/** What one rename did. */
export interface RenameFigures {
  /** How many rooms were to hear of it. */
  readonly rooms: number;
  /** How many of them heard one frame for one invalidation, no more and no less. */
  readonly toldOnce: number;
  /** Those that did not, with how many invalidations they heard of. */
  readonly toldOtherwise: Readonly<Record<string, number>>;
  /** Shortest and longest time over which pages are to spread their refetches, in milliseconds. */
  readonly spreadMs: { readonly least: number; readonly most: number };
  /** From the commit to the frame at each socket, in milliseconds. */
  readonly frames: Percentiles & { readonly first: number };
  /** From the commit of each other write to its frame, before the rename and from then on. */
  readonly before: Percentiles;
  readonly during: Percentiles;
  /** Other writes that were told to nobody. */
  readonly lost: number;
  /** What refetching pages met with, if they were asked to. */
  readonly refetches: RefetchFigures | undefined;
  readonly passed: boolean;
}

/** What pages met with that fetched again, each at a moment of its own within the time that it was told. */
export interface RefetchFigures {
  readonly count: number;
  readonly answers: Percentiles;
  /** From the commit of the rename to the last answer, in milliseconds. */
  readonly lastMs: number;
}

/** What was heard of one rename. */
export interface HeardRename {
  readonly rooms: ReadonlySet<string>;
  /** Of these rooms, in the order they came. */
  readonly frames: readonly HeardFrame[];
  /** By `performance.now()`. */
  readonly committedMs: number;
  readonly before: readonly OtherWrite[];
  readonly during: readonly OtherWrite[];
  readonly refetches: RefetchFigures | undefined;
}

/** Sums up one rename, and judges it. */
export function renameFigures({ rooms, frames, committedMs, before, during, refetches }: HeardRename): RenameFigures {
  const invalidations = new Map([...rooms].map((room) => [room, 0]));
  for (const frame of frames) {
    invalidations.set(frame.person.room, (invalidations.get(frame.person.room) ?? 0) + frame.invalidations);
  }
  const toldOtherwise = Object.fromEntries([...invalidations].filter(([, count]) => count !== 1));
  const toldOnce = rooms.size - Object.keys(toldOtherwise).length;
  const spreads = frames.map(({ frame }) => frame.spreadMs ?? 0);
  const spreadMs = { least: Math.min(...spreads), most: Math.max(...spreads) };
  const delays = frames.map(({ atMs }) => atMs - committedMs);
  const others = { before: percentilesOf(delaysOf(before)), during: percentilesOf(delaysOf(during)) };
  const lost = [...before, ...during].filter(({ delayMs }) => delayMs === undefined).length;
  const isOnTime = others.during.max - others.before.max < MAX_HELD_BACK_MS && lost === 0;
  return {
    rooms: rooms.size,
    toldOnce,
    toldOtherwise,
    spreadMs,
    frames: { ...percentilesOf(delays), first: Math.min(...delays) },
    ...others,
    lost,
    refetches,
    passed: toldOnce === rooms.size && spreadMs.least > 0 && isOnTime,
  };
}

function delaysOf(writes: readonly OtherWrite[]): number[] {
  return writes.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]));
}
