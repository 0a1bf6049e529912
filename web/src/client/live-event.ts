import type { Position, QueryKey, Room, RowStatus } from '@querycast/protocol';

/** What a live client tells its binder. Listeners must have marked the queries as stale when they return. */
export type LiveEvent = FrameEvent | RowEvent | ResyncEvent;

/** Query keys of one room went stale. */
export interface FrameEvent {
  readonly type: 'frame';
  readonly room: Room;
  readonly position: Position;
  readonly keys: readonly QueryKey[];
  /** A random part of this many milliseconds may pass before fetching. */
  readonly spreadMs?: number | undefined;
}

/** The state of a room at the moment it was joined or recovered. */
export interface RowEvent {
  readonly type: 'row';
  readonly room: Room;
  readonly position: Position;
  readonly status: RowStatus;
  readonly keys: readonly QueryKey[];
  /** Whether this is the first row of the room: data loaded before it is not proven to be current. */
  readonly first: boolean;
  /** The position the client had sent for the room. */
  readonly sent?: Position | undefined;
}

/** Continuity is not proven: every live query counts as stale. */
export interface ResyncEvent {
  readonly type: 'resync';
  readonly room: Room;
  readonly position: Position;
  readonly spreadMs?: number | undefined;
}
