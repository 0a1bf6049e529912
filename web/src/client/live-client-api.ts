import type { Positions, Room } from '@querycast/protocol';
import type { LiveEvent } from './live-event.js';
import type { LiveStatus } from './status.js';
import type { Timers } from './timers.js';
import type { LiveTransport } from './transport.js';

/** Why a token is asked for. */
export interface TokenRequest {
  /**
   * The gateway refused the previous token as expired, or told that it soon will be: answer with a new one, not with the
   * same again.
   */
  readonly expired: boolean;
}

/** Something that went wrong and healed, or will; for logs and counters. Never holds tokens or data. */
export interface LiveWarning {
  /**
   * `malformed_message`: the gateway sent something unreadable. `room_refused`: a room was not given. `listener_failed`:
   * an event listener threw, its event does not count as applied. `token_unavailable`: `getToken` rejected, or took too
   * long. `renewal_refused`: the gateway did not take a newer token for the running session.
   */
  readonly code: 'malformed_message' | 'room_refused' | 'listener_failed' | 'token_unavailable' | 'renewal_refused';
  readonly message: string;
  readonly cause?: unknown;
}

/** Options of `createLiveClient`. */
export interface LiveClientOptions {
  /** Origin of the gateway; default: the page's own. */
  readonly url?: string | undefined;
  /**
   * Called for every connection, and with `expired` when the token of the running one is about to expire. A rejection, or
   * no token within nine seconds, counts as a failed attempt and is tried again.
   */
  readonly getToken: (request: TokenRequest) => string | Promise<string>;
  /** Default: `socketIoTransport`. */
  readonly transport?: LiveTransport | undefined;
  /** Hears of trouble that is not a matter of the status; default: nobody. */
  readonly onWarning?: ((warning: LiveWarning) => void) | undefined;
  /** How long the page may be not live before mounted queries are polled, in milliseconds; default 10,000. */
  readonly pollAfterMs?: number | undefined;
  /** Uniform in [0, 1); default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Default: the browser's. */
  readonly timers?: Timers | undefined;
}

/** One live connection: positions, catching up, and what it learns. */
export interface LiveClient {
  /** Connects, and keeps connecting until `close`. Without effect while running. */
  start(): void;
  /** Disconnects and forgets all positions; idempotent. `start` begins anew. */
  close(): void;
  /**
   * Call it when the page may have been away: makes the next attempt at once where one is waited for, and replaces a
   * connection on which the gateway does not answer within 1.5 s. Browsers' own signals, and the end of sleep, do so by
   * themselves.
   */
  hurry(): void;
  /** The present status; the same object until it changes. `connecting` before `start`. */
  status(): LiveStatus;
  /** Calls back after each change of the status; answers the unsubscribe. */
  onStatus(listener: (status: LiveStatus) => void): () => void;
  /** Calls back for each frame, row and resync, before its position counts as applied; answers the unsubscribe. */
  onEvent(listener: (event: LiveEvent) => void): () => void;
  /** Tells the positions a response carried; before the first row of a room their minimum is its resume position. */
  noteHeader(positions: Positions): void;
  /** Tells how many milliseconds after a frame the data that covers it was there; the status shows the newest. */
  noteFreshness(afterMs: number): void;
  /** Joins a room beyond those of the user, until every caller has left it; answers the leave. */
  joinRoom(room: Room): () => void;
}
