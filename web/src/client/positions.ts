import { comparePositions, covers, type Position, type Row, type RowStatus } from '@querycast/protocol';

/** How far the client is in one room. */
export interface RoomProgress {
  /** Everything up to here is applied; absent before the room's first row. */
  readonly applied?: Position;
  /** The minimum of all headers seen; what is asked for while nothing is applied. */
  readonly resume?: Position;
}

/** What to do with a frame or a resync, and where that leads; `next` holds only once its keys are applied. */
export interface FrameVerdict {
  readonly apply: boolean;
  /** Continuity is in doubt: ask for the room's row with the present position. */
  readonly subscribe: boolean;
  readonly next: RoomProgress;
}

/** What to do with a row, and where that leads; `next` holds only once it is applied. */
export interface RowVerdict {
  readonly apply: boolean;
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
  if (progress.applied) return progress;
  const order = progress.resume && comparePositions(position, progress.resume);
  // Of two epochs neither is safe for data of the other: such data is refetched at the first row, whichever is sent.
  return order === 'same' || order === 'newer' ? progress : { resume: position };
}

/** Judges a frame. */
export function judgeFrame(progress: RoomProgress, frame: { prev: Position; position: Position }): FrameVerdict {
  const { applied } = progress;
  if (!applied) return { apply: true, subscribe: false, next: progress };
  const order = comparePositions(frame.position, applied);
  if (order === 'same' || order === 'older') return { apply: false, subscribe: false, next: progress };
  const continues = order === 'newer' && covers(applied, frame.prev);
  return { apply: true, subscribe: !continues, next: continues ? { applied: frame.position } : progress };
}

/** Judges a resync: once everything is stale there is nothing left to miss up to its position. */
export function judgeResync(progress: RoomProgress, position: Position): FrameVerdict {
  return { apply: true, subscribe: false, next: progress.applied ? advance(progress.applied, position) : progress };
}

/** Judges a row that answers the position the client had `sent`. */
export function judgeRow(progress: RoomProgress, row: Pick<Row, 'position' | 'status'>, sent?: Position): RowVerdict {
  const { applied } = progress;
  if (!applied) {
    const isProven = sent !== undefined && covers(row.position, sent);
    const status = row.status === 'recovered' && !isProven ? 'fresh' : row.status;
    return { apply: true, first: true, status, next: { applied: row.position } };
  }
  const next = advance(applied, row.position);
  if (row.status !== 'resync' && covers(applied, row.position)) {
    return { apply: false, first: false, status: row.status, next: progress };
  }
  // The keys of a recovered row begin at the position sent: useless when that is not behind what is applied.
  const reachesIt = sent !== undefined && covers(applied, sent) && covers(row.position, applied);
  const continues = row.status === 'recovered' && reachesIt;
  return { apply: true, first: false, status: continues ? 'recovered' : 'resync', next };
}

/** Within an epoch a position never goes back. */
function advance(applied: Position, position: Position): RoomProgress {
  return { applied: comparePositions(position, applied) === 'older' ? applied : position };
}
