import { covers, type Position, type Row, type RowStatus } from '@querycast/protocol';

/** How far the client is in one room. */
export interface RoomProgress {
  /** Everything up to here is applied; absent before the room's first row. */
  readonly applied?: Position;
  /** The minimum of all headers seen; what is asked for while nothing is applied. */
  readonly resume?: Position;
}

/** What to do with a frame that is applied, and where that leads; `next` holds only once its keys are applied. */
export interface FrameVerdict {
  /** Continuity is in doubt: ask for the room's row with the present position. */
  readonly subscribe?: boolean;
  readonly next: RoomProgress;
}

/** What a row that is applied says, and where that leads; `next` holds only once it is applied. */
export interface RowVerdict {
  readonly first: boolean;
  /** The row's own, or `resync` where it does not continue the position the client is at. */
  readonly status: RowStatus;
  readonly next: RoomProgress;
}

/** Progress in a room of which nothing is known. */
export const unknownRoom: RoomProgress = {};

/** The position to resume from: applied if there is a row, else the minimum of the headers. */
export function resumePosition(progress: RoomProgress): Position | undefined {
  return progress.applied ?? progress.resume;
}

/** Takes a response header into account: it moves the resume position back, and only before the first row. */
export function noteHeader(progress: RoomProgress, position: Position): RoomProgress {
  // Of two epochs neither is safe for data of the other: such data is refetched at the first row, whichever is sent.
  const isKept = progress.applied || (progress.resume && covers(position, progress.resume));
  return isKept ? progress : { resume: position };
}

/** Judges a frame; nothing is to be done with one that is known. */
export function judgeFrame(
  progress: RoomProgress,
  { prev, position }: { prev: Position; position: Position },
): FrameVerdict | undefined {
  const { applied } = progress;
  if (!applied) return { next: progress };
  if (covers(applied, position)) return undefined;
  const continues = covers(position, applied) && covers(applied, prev);
  return { subscribe: !continues, next: continues ? { applied: position } : progress };
}

/** Where a resync leads: once everything is stale there is nothing left to miss up to its position. */
export function judgeResync(progress: RoomProgress, position: Position): RoomProgress {
  return progress.applied ? advance(progress.applied, position) : progress;
}

/** Judges a row that answers the position the client had `sent`; nothing is to be done with one that brings nothing. */
export function judgeRow(
  { applied }: RoomProgress,
  { position, status }: Pick<Row, 'position' | 'status'>,
  sent?: Position,
): RowVerdict | undefined {
  if (applied && status !== 'resync' && covers(applied, position)) return undefined;
  // The keys of a recovered row begin at the position sent: useless when that is not behind what is applied.
  const from = applied ?? sent;
  const continues = from && sent && covers(from, sent) && covers(position, from);
  const unproven = applied || status === 'resync' ? 'resync' : 'fresh';
  return {
    first: !applied,
    status: status === 'recovered' && continues ? status : unproven,
    next: advance(applied ?? position, position),
  };
}

/** Within an epoch a position never goes back. */
function advance(applied: Position, position: Position): RoomProgress {
  return { applied: covers(applied, position) ? applied : position };
}
