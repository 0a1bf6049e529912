import type { AckCode, Room } from '@querycast/protocol';

/** How fresh the page can be right now. */
export type LiveState = 'connecting' | 'live' | 'catching-up' | 'polling' | 'offline' | 'refused';

/** What the page may show about the connection; a new object for every change. */
export interface LiveStatus {
  /**
   * `connecting`: first connection under way. `live`: changes arrive. `catching-up`: connected, missed changes are not
   * known yet. `polling`: not live for ten seconds (`pollAfterMs`), mounted queries are refetched now and then. `offline`: no
   * connection, or one to a node that has lost its broker. `refused`: over for good, `code` says why; mounted queries are refetched now and then here
   * too unless `isSessionOver`.
   */
  readonly state: LiveState;
  /** Why, when `refused`; why the last attempt failed, when not live. */
  readonly code?: string | undefined;
  /** Refused together with its session (evicted, or `token_invalid`): asking again is pointless, nothing is polled. */
  readonly isSessionOver?: true | undefined;
  /** The same in words, for people who debug. */
  readonly message?: string | undefined;
  /** Rooms asked for that the gateway will not give, or took away, each with its code; absent when there are none. */
  readonly refusedRooms?: Readonly<Record<Room, AckCode>> | undefined;
  /** When the last frame arrived, in milliseconds since 1970, to a tenth of a second. */
  readonly lastFrameAt?: number | undefined;
  /** How long the data that covers the last frame took to be there, in milliseconds since that arrived. */
  readonly lastFreshnessMs?: number | undefined;
  /** What the last reconnection brought. */
  readonly caughtUp?: CaughtUp | undefined;
}

/** What a reconnection brought. */
export interface CaughtUp {
  /** How many distinct query keys had gone stale meanwhile. */
  readonly keys: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Continuity was not proven for a room, so that every live query counted as stale. */
  readonly resync: boolean;
}

/**
 * What moves the state. `opened`: the gateway accepted. `current`: rows are applied and the node is live. `unavailable`:
 * the node lost its broker. `lost`: no connection. `overdue`: not live for `pollAfterMs`. `ended`: refused because the session
 * itself is over.
 */
export type LiveStateEvent =
  | 'start'
  | 'opened'
  | 'current'
  | 'unavailable'
  | 'lost'
  | 'overdue'
  | 'refused'
  | 'ended'
  | 'close';

/** The state after an event; an event without meaning in a state leaves it as it is. */
export function transition(state: LiveState, event: LiveStateEvent): LiveState {
  if (event === 'close') return 'offline';
  if (event === 'start') return state === 'offline' || state === 'refused' ? 'connecting' : state;
  // Nothing that still arrives from a refused connection may look like life.
  if (state === 'refused') return 'refused';
  if (event === 'refused' || event === 'ended') return 'refused';
  if (event === 'current') return 'live';
  if (event === 'overdue') return state === 'live' ? 'live' : 'polling';
  // Polling goes on until live, whatever the attempts in between look like.
  if (state === 'polling') return 'polling';
  if (event === 'lost' || event === 'unavailable') return 'offline';
  return state === 'offline' ? 'catching-up' : state;
}

/** Whether mounted queries are refetched now and then, because nothing tells of changes. */
export function isPolled(status: LiveStatus): boolean {
  return status.state === 'polling' || (status.state === 'refused' && !status.isSessionOver);
}
