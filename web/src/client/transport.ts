import type { Position, Room } from '@querycast/protocol';

/** What a client proves and asks for when it connects (`protocol.md` 4.1). */
export interface ConnectAuth {
  readonly token: string;
  readonly protocol: number;
  readonly positions?: Readonly<Record<Room, Position>>;
}

/** Why a connection could not be made. Without a code the network failed, which is worth another try. */
export interface ConnectProblem {
  readonly code?: string;
  readonly message: string;
  /** Earliest moment for another try, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
}

/** What the client wants to hear from one connection; nothing is called after `close()`. */
export interface TransportHandlers {
  /** Evaluated for this connection, as late as the transport can. After a rejection the client closes it. */
  auth(): Promise<ConnectAuth>;
  /** The gateway accepted the connection. */
  onOpen(): void;
  /** One message of the gateway, not validated: the client decodes it. */
  onMessage(event: string, payload: unknown): void;
  /** The connection was refused or never came about; it is over. */
  onProblem(problem: ConnectProblem): void;
  /** The connection was open and is over. */
  onClose(reason: string): void;
}

/** One connection, or the attempt to make one. */
export interface TransportConnection {
  /** Sends a request and resolves with the raw acknowledgement; rejects when the connection ends before or the answer takes too long. */
  request(event: 'subscribe' | 'unsubscribe' | 'renew', payload: object): Promise<unknown>;
  /** Ends it at once and silently; idempotent. */
  close(): void;
}

/**
 * How messages travel: at most once and in order within one connection. It never reconnects by itself, the client does.
 * `connect` never throws: what goes wrong is told through the handlers, never before `connect` has returned.
 *
 * @example
 * ```ts
 * // A wire that can be cut, for a demo page.
 * const inner = socketIoTransport();
 * const transport: LiveTransport = { connect: (handlers) => (cut ? refuse(handlers) : inner.connect(handlers)) };
 * ```
 */
export interface LiveTransport {
  connect(handlers: TransportHandlers): TransportConnection;
}
