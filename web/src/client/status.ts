/** How fresh the page can be right now. */
export type LiveState = 'connecting' | 'live' | 'catching-up' | 'polling' | 'offline' | 'refused';

/** What the page may show about the connection; a new object for every change. */
export interface LiveStatus {
  /**
   * `connecting`: first connection under way. `live`: changes arrive. `catching-up`: connected, missed changes are being
   * fetched. `polling`: not live for long, mounted queries are refetched now and then. `offline`: no connection, trying.
   * `refused`: over for good, `code` says why.
   */
  readonly state: LiveState;
  /** Why, when `refused`, or why the last attempt failed, when not live. */
  readonly code?: string;
  /** The same for people who debug. */
  readonly message?: string;
  /** When the last frame arrived, in milliseconds since 1970. */
  readonly lastFrameAt?: number;
  /** What the last reconnection brought. */
  readonly caughtUp?: CaughtUp;
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
