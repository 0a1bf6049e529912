import type { AckCode, Position, Room, Row } from '@querycast/protocol';
import type { Kept } from './kept-frames.js';
import type { Frame } from './pending-frame.js';

/** Identifies one acknowledgement the client waits for. */
export type AckId = number;

/** One room of a session. */
export type Membership =
  /** Waits for its row; frames are kept back. `late`: `ready` went out without it. */
  | { readonly phase: 'joining'; readonly late: boolean; readonly ack?: AckId; readonly held: Held }
  /** Has its row, which leaves with `ready`, or once the token that ended was renewed; frames are kept back. */
  | { readonly phase: 'rowed'; readonly row: Row; readonly ack?: AckId; readonly held: Held }
  /** Receives frames as they come. */
  | { readonly phase: 'live' }
  /** The socket takes nothing now: frames are kept back, `undefined` as long as there were none. */
  | { readonly phase: 'paused'; readonly kept: Kept | undefined };

/** Frames kept back; when there were too many to keep, only what is left of them: their largest spread. */
export type Held = readonly Frame[] | { readonly overflow: { readonly spreadMs?: number } };

/** One session: which rooms it is in and what it still has to be told. */
export interface SessionState {
  readonly phase: 'joining' | 'ready' | 'closed';
  /** Rooms of the principal: joined by right, never left on request. */
  readonly own: ReadonlySet<Room>;
  readonly rooms: ReadonlyMap<Room, Membership>;
  /** Whether the socket does not take what is sent to it, or not all was sent yet that was kept back meanwhile. */
  readonly isSlow: boolean;
  /** The client waits to hear whether its new token is good. */
  readonly renewal: AckId | undefined;
  /**
   * The token has ended while its renewal was under way: nothing of any room may be sent, and nothing may be lost, until
   * that is decided.
   */
  readonly isLapsed: boolean;
  /** The client has to be told that its token ends, and cannot be before `ready`. */
  readonly isExpiring: boolean;
}

/** What happens to a session. */
export type SessionEvent =
  | { readonly type: 'open'; readonly rooms: readonly Room[]; readonly positions: Readonly<Record<string, Position>> }
  | { readonly type: 'row'; readonly row: Row }
  | { readonly type: 'delayed'; readonly room: Room }
  | { readonly type: 'frame'; readonly room: Room; readonly frame: Frame }
  /** `allowed`: the answer of `authorize`, asked for rooms beyond the own. */
  | {
      readonly type: 'subscribe';
      readonly room: Room;
      readonly position?: Position;
      readonly allowed: boolean;
      readonly ack: AckId;
    }
  | { readonly type: 'unsubscribe'; readonly room: Room; readonly ack: AckId }
  /** More waits for the socket than may: no further frame may be added to it. */
  | { readonly type: 'slow' }
  /** The socket has taken what waited for it. Comes again after whatever was sent since, as long as the session is slow. */
  | { readonly type: 'drained' }
  /** The token will end soon. */
  | { readonly type: 'expiring' }
  | { readonly type: 'expired' }
  | { readonly type: 'renew'; readonly ack: AckId }
  /** The new token is good. `own`: all rooms of the principal now; `extra`: further ones that it may be in. */
  | { readonly type: 'renewed'; readonly own: ReadonlySet<Room>; readonly extra: ReadonlySet<Room> }
  /** The rights were looked at again; fields as in `renewed`. */
  | { readonly type: 'rights'; readonly own: ReadonlySet<Room>; readonly extra: ReadonlySet<Room> }
  | { readonly type: 'not_renewed'; readonly code: AckCode; readonly message: string }
  | { readonly type: 'close' };

/** What a session wants done. */
export type SessionEffect =
  /** Ask the hub for the row. */
  | { readonly type: 'join'; readonly room: Room; readonly since?: Position }
  | { readonly type: 'leave'; readonly room: Room }
  /** From now on the socket takes the room's frames directly. */
  | { readonly type: 'enter'; readonly room: Room }
  /** From now on it does not. */
  | { readonly type: 'exit'; readonly room: Room }
  /** From now on it does not, and the session is told of them instead. */
  | { readonly type: 'pause'; readonly room: Room }
  | { readonly type: 'ready'; readonly rows: readonly Row[] }
  | { readonly type: 'joined'; readonly rows: readonly Row[] }
  | { readonly type: 'left'; readonly room: Room }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'expiring' }
  /** The token is over, and no newer one was accepted. */
  | { readonly type: 'expired' }
  | { readonly type: 'ack_row'; readonly ack: AckId; readonly row: Row }
  | { readonly type: 'ack_ok'; readonly ack: AckId }
  | { readonly type: 'refuse'; readonly ack: AckId; readonly code: AckCode; readonly message: string };

/** A session before its rooms are known. */
export const newSession: SessionState = {
  phase: 'joining',
  own: new Set(),
  rooms: new Map(),
  isSlow: false,
  renewal: undefined,
  isLapsed: false,
  isExpiring: false,
};

/** A session within a step. */
export type SessionDraft = { -readonly [Field in Exclude<keyof SessionState, 'rooms'>]: SessionState[Field] } & {
  readonly rooms: Map<Room, Membership>;
};
