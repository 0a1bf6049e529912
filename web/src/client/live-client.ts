import type { Positions, Room } from '@querycast/protocol';
import type { LiveEvent } from './live-event.js';
import type { LiveStatus } from './status.js';
import type { Timers } from './timers.js';
import type { LiveTransport } from './transport.js';

/** Why a token is asked for. */
export interface TokenRequest {
  /** The gateway just refused the previous token as expired: answer with a new one, not with the same again. */
  readonly expired: boolean;
}

/** Options of {@link createLiveClient}. */
export interface LiveClientOptions {
  /** Origin of the gateway; default: the page's own. */
  readonly url?: string | undefined;
  /** Called for every connection; a rejection counts as a failed attempt and is tried again. */
  readonly getToken: (request: TokenRequest) => string | Promise<string>;
  /** Default: {@link socketIoTransport}. */
  readonly transport?: LiveTransport | undefined;
  /** Uniform in [0, 1); default `Math.random`. */
  readonly random?: () => number;
  /** Default: the browser's. */
  readonly timers?: Timers;
}

/** One live connection: positions, catching up, and what it learns. */
export interface LiveClient {
  /** Connects, and keeps connecting until `close`. Without effect while running. */
  start(): void;
  /** Disconnects and forgets all positions; idempotent. `start` begins anew. */
  close(): void;
  /** The present status; the same object until it changes. */
  status(): LiveStatus;
  /** Calls back after each change of the status; answers the unsubscribe. */
  onStatus(listener: (status: LiveStatus) => void): () => void;
  /** Calls back for each frame, row and resync, before its position counts as applied; answers the unsubscribe. */
  onEvent(listener: (event: LiveEvent) => void): () => void;
  /** Tells the positions a response carried; before the first row of a room their minimum is its resume position. */
  noteHeader(positions: Positions): void;
  /** Joins a room beyond those of the user, until every caller has left it; answers the leave. */
  joinRoom(room: Room): () => void;
}

/**
 * A live client without React or TanStack Query.
 *
 * @example
 * ```ts
 * const client = createLiveClient({ getToken: () => session.token });
 * const unbind = bindQueryClient({ client, queryClient });
 * client.start();
 * ```
 */
export function createLiveClient(_options: LiveClientOptions): LiveClient {
  throw new Error('not there yet');
}
