/** Why a connection was refused, and whether trying again can help. The one place where codes get their class. */
export const CONNECT_CODES = {
  token_expired: 'retryable',
  overloaded: 'retryable',
  rate_limited: 'retryable',
  too_many_connections: 'retryable',
  token_invalid: 'terminal',
  forbidden: 'terminal',
  protocol_unsupported: 'terminal',
  origin_refused: 'terminal',
} as const satisfies Record<string, 'retryable' | 'terminal'>;

/** A code in `connect_error.data`. */
export type ConnectCode = keyof typeof CONNECT_CODES;

/** Codes in a negative acknowledgement. */
export const ACK_CODES = ['forbidden', 'bad_request', 'too_many_rooms', 'rate_limited', 'broker_unavailable'] as const;

/** A code in a negative acknowledgement. */
export type AckCode = (typeof ACK_CODES)[number];

/** Codes in `evicted`, always terminal: the gateway closes the socket and the client must not return by itself. */
export const EVICTED_CODES = ['logged_out', 'deactivated', 'forbidden'] as const;

/** A code in `evicted`. */
export type EvictedCode = (typeof EVICTED_CODES)[number];

/** Why a client must treat every live query of a room as stale. */
export const RESYNC_REASONS = ['epoch', 'floor', 'overflow', 'broker'] as const;

/** A reason in `resync`. */
export type ResyncReason = (typeof RESYNC_REASONS)[number];

/**
 * Whether a refused connection may be tried again: those of {@link CONNECT_CODES}, without bringing the table into a page.
 * Codes of a newer gateway count as terminal.
 */
export function isRetryable(code: string): boolean {
  return /^(token_expired|overloaded|rate_limited|too_many_connections)$/.test(code);
}
