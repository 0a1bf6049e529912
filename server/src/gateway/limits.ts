/**
 * What one address, one user and one socket may do at the gateway's door, on this node. Whole numbers from 1 to 1,000,000.
 * "At once" limits fill up again evenly over {@link LIMIT_WINDOW_MS}: as many may come at once, and as many again in each
 * such time.
 */
export interface GatewayLimits {
  /**
   * Connections that an address may open at once, whatever becomes of them; default 5,000: a school of 1,000 dashboards
   * behind one address, two tabs each, which all come back at the same moment and need a second try with a newer token.
   * Over it a client is told `rate_limited`; over twice as much it gets HTTP 429 before anything is read.
   */
  readonly handshakesPerAddress: number;
  /**
   * Connections of an address that have not authenticated yet; default 2,000: those dashboards and tabs, before the first
   * token was checked. Over it HTTP 429.
   */
  readonly pendingPerAddress: number;
  /**
   * Connections of an address, those included that are still pending; default 5,000: the same school with five tabs each,
   * at some 20 KB of memory a connection. Over it `too_many_connections`.
   */
  readonly connectionsPerAddress: number;
  /**
   * Connections of a user; default 100: all tabs and devices of one person, and those that a bad network left behind and
   * that are noticed 25 s later. Over it the newest is told `too_many_connections`.
   */
  readonly connectionsPerUser: number;
  /**
   * How long a connection may take to authenticate, in milliseconds; default 10,000: a slow phone, and a check of tokens
   * that takes its time. Then it is cut.
   */
  readonly handshakeTimeoutMs: number;
  /**
   * Messages that a socket may send at once; default 500: 64 extra rooms changed for 64 others three times, and room to
   * spare. Over it they are answered `rate_limited`; a socket that sends twice as much all the same is cut.
   */
  readonly messagesPerSocket: number;
  /**
   * `subscribe` messages of a socket at once, each of which may open a room at the broker; default 256: all 64 extra rooms
   * changed three times after they were joined. Over it `rate_limited`. What was not joined need not be left, so that
   * `unsubscribe` has no limit of its own.
   */
  readonly subscribesPerSocket: number;
}

/** In this many milliseconds what an address or a socket may do at once is full again. */
export const LIMIT_WINDOW_MS = 10_000;

const LARGEST = 1_000_000;

const DEFAULTS: GatewayLimits = {
  handshakesPerAddress: 5_000,
  pendingPerAddress: 2_000,
  connectionsPerAddress: 5_000,
  connectionsPerUser: 100,
  handshakeTimeoutMs: 10_000,
  messagesPerSocket: 500,
  subscribesPerSocket: 256,
};

/** All limits, those that were not given by default. Throws a `RangeError` for one that is no whole number in its range. */
export function limitsOf(given: Partial<GatewayLimits> = {}): GatewayLimits {
  const limits = { ...DEFAULTS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw new RangeError(`limits.${name} is no limit of a gateway`);
    if (!Number.isInteger(value) || value < 1 || value > LARGEST) {
      throw new RangeError(`limits.${name} must be a whole number from 1 to ${LARGEST}`);
    }
  }
  return limits;
}
